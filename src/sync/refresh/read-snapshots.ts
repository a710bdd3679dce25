import { isDeepStrictEqual } from 'node:util';
import type { Profile } from '../../customers/fields.ts';
import { profileFields } from '../../customers/fields.ts';
import { readSnapshot, type NoSnapshot, type Snapshot } from '../../customers/snapshot.ts';
import type { StoredItem } from '../../users/stored-state.ts';
import type { SyncContext } from '../sync-context.ts';

/** If so many people had a value and none of them has one in an answer, Shopify withholds it. */
const MANY = 10;

/** What Shopify tells of people to approved apps only. */
const PROTECTED = profileFields.filter(({ type, personal }) => type === 'text' && personal);
type Field = (typeof PROTECTED)[number];

interface Told {
  readonly profile: Profile;
  readonly stored: StoredItem;
}

const isStored = ({ stored }: Told, { attribute }: Field) => typeof stored?.[attribute] === 'string';
const isNull = ({ profile }: Told, { name }: Field) => profile[name] === null;
const isUnknown = ({ profile }: Told, { name }: Field) => profile[name] === undefined;
const hasValue = ({ profile }: Told, { name }: Field) => typeof profile[name] === 'string';

function isEmptied(told: readonly Told[], field: Field): boolean {
  if (told.some((one) => hasValue(one, field))) return false;
  return told.filter((one) => isStored(one, field)).length >= MANY;
}

/** What is known of an answer beside its customers. */
interface AnswerOptions {
  /** What is known to be withheld already, so that an answer that tells it again is noticed. Default none. */
  readonly before?: readonly string[];
  /** Whether the answer says by an error what is withheld; the lines of a bulk operation do not. Default true. */
  readonly tellsErrors?: boolean;
}

/**
 * Which fields a shop withholds after an answer; undefined: the answer says nothing new of it. What it has withheld by
 * an error it withholds until an answer comes without one, and what was empty for everybody until one has a value again.
 */
async function findWithheld(
  { ledger: { states } }: Pick<SyncContext, 'ledger'>,
  shop: string,
  told: readonly Told[],
  { before = [], tellsErrors = true }: AnswerOptions,
): Promise<ReadonlySet<string> | undefined> {
  const some = (holds: (one: Told, field: Field) => boolean, field: Field) =>
    told.some((one) => holds(one, field));
  const isTold = (field: Field) => some(hasValue, field) || (tellsErrors && some(isNull, field));
  const isNews = PROTECTED.some(
    (field) =>
      some(isUnknown, field) ||
      some((one) => isNull(one, field) && isStored(one, field), field) ||
      (before.includes(field.name) && isTold(field)),
  );
  if (!isNews) return undefined;
  const { withheld, withheldSilently } = await states.get(shop);
  const wasSilent = ({ name }: Field) => withheldSilently.includes(name);
  const isStillWithheld = (field: Field) =>
    withheld.includes(field.name) && !(wasSilent(field) ? some(hasValue, field) : isTold(field));
  const now = PROTECTED.filter(
    (field) => some(isUnknown, field) || isEmptied(told, field) || isStillWithheld(field),
  );
  // Lines that are empty for everybody do not tell by which of the two ways, unless an error has told before.
  const mayBeSilent = ({ name }: Field) => tellsErrors || !withheld.includes(name);
  const silently = now.filter(
    (field) =>
      !some(isUnknown, field) && (wasSilent(field) || (isEmptied(told, field) && mayBeSilent(field))),
  );
  const names = now.map(({ name }) => name);
  const silentNames = silently.map(({ name }) => name);
  if (!isDeepStrictEqual([names, silentNames], [withheld, withheldSilently]))
    await states.recordWithheld(shop, names, silentNames);
  return new Set(names);
}

/** A snapshot that says nothing of what is withheld. */
function without(snapshot: Snapshot, withheld: ReadonlySet<string>): Snapshot {
  const { customer } = snapshot;
  const known = Object.entries(customer.profile).filter(
    ([name, value]) => value !== null || !withheld.has(name),
  );
  return { ...snapshot, customer: { ...customer, profile: Object.fromEntries(known) } };
}

/**
 * Reads the customers of one answer, by id. Names and e-mails that the shop withholds are unknown, whether it says so or
 * leaves them empty for everybody; that it does stands in the sync state, which is written only when it changes.
 * @param storedItems of these customers, as they stand here
 * @throws AppError `store_failed`
 */
export async function readSnapshots(
  context: Pick<SyncContext, 'ledger'>,
  shop: string,
  nodes: ReadonlyMap<string, unknown>,
  storedItems: ReadonlyMap<string, StoredItem>,
  options: AnswerOptions = {},
): Promise<ReadonlyMap<string, Snapshot | NoSnapshot>> {
  const snapshots = new Map([...nodes].map(([id, node]) => [id, readSnapshot(node)]));
  const told = [...snapshots].flatMap(([id, snapshot]) =>
    typeof snapshot === 'string' ? [] : [{ profile: snapshot.customer.profile, stored: storedItems.get(id) }],
  );
  const withheld = await findWithheld(context, shop, told, options);
  if (withheld === undefined || withheld.size === 0) return snapshots;
  return new Map(
    [...snapshots].map(([id, snapshot]) => [
      id,
      typeof snapshot === 'string' ? snapshot : without(snapshot, withheld),
    ]),
  );
}
