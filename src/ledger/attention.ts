import { z } from 'zod';
import { toExpiry } from '../dynamodb/ttl.ts';
import { createItems, type ItemsDeps } from './items.ts';

/** The subject of an issue. A customer has at most one issue of each. */
type AttentionSubject = 'membership' | 'admin_merged' | 'roles_refused';

/** An issue with one customer that an operator or merchant should look at. */
interface AttentionIssue {
  readonly shopifyId: string;
  readonly subject: AttentionSubject;
  /** The reasons, as codes; sync/status/sync-status.ts lists them. */
  readonly codes: readonly string[];
  /** UTC ISO 8601. */
  readonly since: string;
}

/** What needs attention, by shop. */
export interface AttentionIssues {
  /** In the order of customer ids. */
  list(shop: string, limit: number): Promise<readonly AttentionIssue[]>;
  /** The membership issues of these customers: codes by id. */
  ofMembership(shop: string, shopifyIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Stores an issue for 30 days, or renews it. */
  put(shop: string, issue: AttentionIssue): Promise<void>;
  clear(shop: string, shopifyId: string, subject: AttentionSubject): Promise<void>;
}

const DAYS = 30;
const stored = z.object({
  sk: z.string(),
  subject: z.enum(['membership', 'admin_merged', 'roles_refused']).default('membership'),
  codes: z.array(z.string()),
  since: z.string(),
});

/** A page of issues, about 15 KB. */
const FEW = 100;

function toIssue(item: unknown): AttentionIssue {
  const { sk, ...issue } = stored.parse(item);
  return { ...issue, shopifyId: sk.replace(/#.*/, '') };
}

/** @throws AppError `store_failed` from every function */
export function createAttentionIssues(deps: ItemsDeps): AttentionIssues {
  const items = createItems(deps);
  const keyOf = (shop: string, shopifyId: string, subject: AttentionSubject) => ({
    pk: `${shop}#attention`,
    sk: subject === 'membership' ? shopifyId : `${shopifyId}#${subject}`,
  });

  async function list(shop: string, limit: number): Promise<AttentionIssue[]> {
    const issues: AttentionIssue[] = [];
    for await (const item of items.list(keyOf(shop, '', 'membership').pk, limit)) {
      issues.push(toIssue(item));
      if (issues.length === limit) break;
    }
    return issues;
  }

  return {
    list,

    async ofMembership(shop, shopifyIds) {
      // DynamoDB bills a missing key like an existing one: as long as there are few issues, listing all costs less.
      let issues = await list(shop, FEW);
      if (issues.length === FEW) {
        const keys = shopifyIds.map((id) => keyOf(shop, id, 'membership'));
        issues = (await items.getAll(keys)).map(toIssue);
      }
      const ofMembership = issues.filter(({ subject }) => subject === 'membership');
      return new Map(ofMembership.map(({ shopifyId, codes }) => [shopifyId, codes]));
    },

    async put(shop, { shopifyId, subject, codes, since }) {
      const expires_at = toExpiry(new Date(since), DAYS);
      await items.put({ ...keyOf(shop, shopifyId, subject), subject, codes, since, expires_at });
    },

    async clear(shop, shopifyId, subject) {
      await items.remove(keyOf(shop, shopifyId, subject));
    },
  };
}
