import type { ReportCount } from '../answers.ts';

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
  readonly problem: ByKey<'heading' | 'offline' | 'unreadable' | 'actionFailed'>;
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
    | 'attentionHint'
    | 'notImported'
    | 'notImportedHint'
    | 'reauthorize'
    | 'reauthorizeHint'
    | 'reopen'
    | 'lastChange'
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
    /** By code; a code without words shows the server's message. */
    readonly reasons: Readonly<Record<string, string>>;
    /** Follows a reason. */
    readonly dueBy: (day: string) => string;
    readonly counted: (when: string) => string;
  };
  readonly sync: SyncWords;
}

type SyncWords = ByKey<
  | 'jobHeading'
  | 'waiting'
  | 'idle'
  | 'certificateHeading'
  | 'complete'
  | 'incomplete'
  | 'noCertificate'
  | 'noCertificateHint'
  | 'reconcileHeading'
  | 'reconcileNone'
  | 'driftHeading'
  | 'driftNone'
  | 'driftSame'
  | 'driftNoneHint'
  | 'driftIncomplete'
  | 'driftOpen'
  | 'repair'
  | 'repairing'
  | 'repairQuestion'
  | 'repairMeaning'
  | 'driftExport'
  | 'oldest'
  | 'deadLettersHeading'
  | 'deadLettersNone'
  | 'topic'
  | 'reason'
  | 'received'
  | 'retried'
  | 'stillUnreadable'
  | 'table'
> & {
  readonly start: ByKey<'backfill' | 'reconcile' | 'compare'>;
  readonly started: ByKey<'backfill' | 'reconcile' | 'compare'>;
  readonly jobs: ByKey<'backfill' | 'reconcile' | 'compare' | 'fan_out'>;
  readonly progress: (done: string, total: string | null) => string;
  readonly rate: (rate: string) => string;
  readonly left: (time: string) => string;
  readonly certificate: ByKey<'at' | 'duration_ms' | 'object_count' | 'lines_read' | ReportCount>;
  readonly reconcileSaid: (changes: string, repaired: string) => string;
  readonly drift: ByKey<'missing_here' | 'extra_here' | 'stale' | 'wrong_entitlements'>;
  readonly driftCompared: (n: number, shown: string) => string;
  readonly driftRepaired: (n: number, shown: string) => string;
  readonly repairSteps: Readonly<Record<'add' | 'remove' | 'update', (shown: string) => string>>;
  readonly retryOf: (topic: string) => string;
};
