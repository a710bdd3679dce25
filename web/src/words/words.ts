import type { Difference, FullSyncOutcome, JobStatus, PageErrorCode } from '../answers.ts';

export type Role = 'author' | 'admin';

type ByRole<T> = Readonly<Record<Role, T>>;
type Naming = (name: string) => string;
type ByKey<Key extends string> = Readonly<Record<Key, string>>;

/** Every text of the page. A language is one object of this type, so none can be incomplete. */
export interface Words {
  readonly nav: ByKey<'home' | 'authors' | 'admins' | 'members' | 'find' | 'sync'>;
  readonly common: ByKey<'loading' | 'retry' | 'cancel' | 'none' | 'yes' | 'no' | 'openInShopify'> & {
    readonly people: (n: number, shown: string) => string;
    readonly openInShopifyOf: Naming;
  };
  readonly problem: ByKey<'heading' | 'offline' | 'unreadable' | 'actionFailed'> & {
    /** What happened, whether anything was changed, and what to do. */
    readonly codes: ByKey<Exclude<PageErrorCode, 'permission_missing'>>;
    /** With the names of permissions; empty: Shopify names none. */
    readonly permissionMissing: (names: string) => string;
    readonly quoted: Naming;
    /** As Shopify's admin calls them, by access scope. */
    readonly permissions: Readonly<Record<string, string>>;
  };
  readonly person: ByKey<
    | 'noName'
    | 'name'
    | 'email'
    | 'noEmail'
    | 'emailConfirmed'
    | 'joined'
    | 'membership'
    | 'noMembership'
    | 'planDetails'
    | 'account'
    | 'roles'
    | 'action'
    | 'author'
    | 'admin'
    | 'active'
    | 'userId'
    | 'shopifyId'
  > & { readonly states: Readonly<Record<string, string>> };
  readonly list: ByKey<
    | 'next'
    | 'since'
    | 'notADay'
    | 'showAll'
    | 'export'
    | 'exported'
    | 'authorsEmpty'
    | 'authorsEmptyHint'
    | 'adminsEmpty'
    | 'adminsEmptyHint'
    | 'nothingSince'
    | 'nothingSinceHint'
    | 'addAuthor'
    | 'addAdmin'
    | 'newestFirst'
  > & { readonly page: (n: number, shown: string) => string };
  readonly members: ByKey<
    'plan' | 'noPlans' | 'noPlansHint' | 'empty' | 'emptyHint' | 'benefits' | 'free'
  > & {
    readonly price: (price: string, interval: string | null) => string;
    readonly intervals: Readonly<Record<string, string>>;
  };
  readonly roles: Readonly<
    Record<'give' | 'take' | 'takeLong' | 'giveMeaning' | 'takeMeaning', ByRole<string>> &
      Record<'takeOf' | 'giveQuestion' | 'takeQuestion' | 'given' | 'taken', ByRole<Naming>> &
      Record<'pending', Naming> &
      Record<'somebody', string>
  >;
  readonly find: ByKey<
    | 'label'
    | 'hint'
    | 'search'
    | 'start'
    | 'startHint'
    | 'nothing'
    | 'nothingHint'
    | 'sources'
    | 'value'
    | 'content'
    | 'source'
    | 'changed'
    | 'fromCustomer'
    | 'fromFirst'
    | 'fromField'
    | 'fromTag'
    | 'fromNothing'
    | 'fromPlan'
    | 'fromPlatform'
    | 'sourcesProblem'
    | 'fromRule'
    | 'unknown'
  >;
  readonly home: ByKey<
    | 'inSync'
    | 'inSyncHint'
    | 'working'
    | 'workingHint'
    | 'waiting'
    | 'waitingHint'
    | 'attentionHint'
    | 'otherReason'
    | 'attentionDoubt'
    | 'notComplete'
    | 'notCompleteHint'
    | 'notKnown'
    | 'neverKnown'
    | 'behind'
    | 'reauthorize'
    | 'reauthorizeHint'
    | 'reopen'
    | 'lastChange'
    | 'lastCheck'
    | 'peopleHeading'
    | 'everybody'
    | 'active'
    | 'authors'
    | 'admins'
    | 'plansHeading'
    | 'notCounted'
    | 'attentionHeading'
    | 'look'
    | 'lookSync'
  > & {
    /** `more`: there are more than these. */
    readonly attention: (n: number, more: boolean) => string;
    /** By code; `otherReason` for any other. */
    readonly reasons: Readonly<Record<string, string>>;
    /** Follows a reason. */
    readonly dueBy: (day: string) => string;
    readonly counted: (when: string) => string;
    readonly notKnownSince: (when: string) => string;
    readonly behindHint: (since: string) => string;
  };
  readonly stuck: ByKey<'stalled' | 'failed' | 'nextSoon' | 'otherReason'> & {
    /** What Shopify refuses with, or what failed, by code. */
    readonly reasons: Readonly<Record<string, string>>;
    readonly since: (job: string, when: string) => string;
    readonly next: (when: string) => string;
  };
  readonly sync: SyncWords;
}

type SyncWords = ByKey<
  | 'jobHeading'
  | 'idle'
  | 'fullHeading'
  | 'fullNone'
  | 'fullNoneHint'
  | 'complete'
  | 'incomplete'
  | 'checkedOnly'
  | 'listed'
  | 'stillHere'
  | 'noDifference'
  | 'differencesHeading'
  | 'repairedHeading'
  | 'differencesExport'
  | 'reconcileHeading'
  | 'reconcileNone'
  | 'deadLettersHeading'
  | 'deadLettersNone'
  | 'topic'
  | 'reason'
  | 'received'
  | 'retried'
  | 'stillUnreadable'
  | 'table'
> & {
  readonly start: ByKey<'full' | 'reconcile'>;
  readonly started: ByKey<'full' | 'reconcile'>;
  /** `check`: a full sync that only looks. */
  readonly jobs: ByKey<JobStatus['kind'] | 'check'>;
  readonly waitingFor: ByKey<NonNullable<JobStatus['waiting_for']>>;
  readonly progress: (done: string, total: string | null) => string;
  readonly rate: (rate: string) => string;
  readonly left: (time: string) => string;
  readonly fullAt: (when: string, duration: string) => string;
  readonly outcomes: ByKey<FullSyncOutcome>;
  readonly differences: ByKey<Difference>;
  /** The same of what has been put right. */
  readonly repaired: ByKey<Difference>;
  readonly removals: ByKey<'hint' | 'meaning'> &
    Readonly<Record<'heading' | 'remove' | 'question', (n: number, shown: string) => string>>;
  readonly reconcileSaid: (changes: string, repaired: string) => string;
  /** With how many wait; null: more than anybody has counted. */
  readonly pending: (n: number | null, shown: string, since: string) => string;
  readonly retryOf: (topic: string) => string;
};
