import { z } from 'zod';
import { toExpiry } from '../dynamodb/ttl.ts';
import { createItems, type ItemsDeps } from './items.ts';

/** What a note is about; a customer has one note of each. */
type AttentionSubject = 'membership' | 'admin_merged' | 'roles_refused';

/** Something about one customer that a person should look at. */
interface AttentionNote {
  readonly shopifyId: string;
  readonly subject: AttentionSubject;
  /** Why, as codes: sync/state.ts has their words. */
  readonly codes: readonly string[];
  /** UTC ISO 8601. */
  readonly since: string;
}

/** What needs a person's attention, by shop. */
export interface AttentionNotes {
  /** At most so many, by id. */
  list(shop: string, limit: number): Promise<readonly AttentionNote[]>;
  /** What is noted of the membership of these customers: the codes by id. */
  ofMembership(shop: string, shopifyIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Keeps a note for 30 days; it is renewed whenever the reason is seen again. */
  put(shop: string, note: AttentionNote): Promise<void>;
  /** The reason is gone. */
  clear(shop: string, shopifyId: string, subject: AttentionSubject): Promise<void>;
}

const DAYS = 30;
const stored = z.object({
  sk: z.string(),
  subject: z.enum(['membership', 'admin_merged', 'roles_refused']).default('membership'),
  codes: z.array(z.string()),
  since: z.string(),
});

/** A page of notes, about 15 KB. */
const FEW = 100;

function toNote(item: unknown): AttentionNote {
  const { sk, ...note } = stored.parse(item);
  return { ...note, shopifyId: sk.replace(/#.*/, '') };
}

/** @throws AppError `store_failed` from every function */
export function createAttentionNotes(deps: ItemsDeps): AttentionNotes {
  const items = createItems(deps);
  const keyOf = (shop: string, shopifyId: string, subject: AttentionSubject) => ({
    pk: `${shop}#attention`,
    sk: subject === 'membership' ? shopifyId : `${shopifyId}#${subject}`,
  });

  async function list(shop: string, limit: number): Promise<AttentionNote[]> {
    const notes: AttentionNote[] = [];
    for await (const item of items.list(keyOf(shop, '', 'membership').pk, limit)) {
      notes.push(toNote(item));
      if (notes.length === limit) break;
    }
    return notes;
  }

  return {
    list,

    async ofMembership(shop, shopifyIds) {
      // DynamoDB bills a key that is not there like one that is: as long as there are few notes, all of them cost less.
      let notes = await list(shop, FEW);
      if (notes.length === FEW) {
        const keys = shopifyIds.map((id) => keyOf(shop, id, 'membership'));
        notes = (await items.getAll(keys)).map(toNote);
      }
      const ofMembership = notes.filter(({ subject }) => subject === 'membership');
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
