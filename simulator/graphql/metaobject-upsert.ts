import { isValue, metaobjectFields, toReserved } from '../shop/definitions.ts';
import type { Shop } from '../shop/shop.ts';
import type { Nodes } from './nodes.ts';

export interface MetaobjectUpsertArgs {
  readonly handle: { readonly type: string; readonly handle: string };
  readonly metaobject?: {
    readonly fields?: readonly { readonly key: string; readonly value: string }[] | null;
  } | null;
}

/** Resolver of metaobjectUpsert, in its form with `metaobject`. Fields that are not given stay. */
export function upsertMetaobject(
  { shop, nodes }: { shop: Shop; nodes: Nodes },
  { handle, metaobject }: MetaobjectUpsertArgs,
) {
  const type = toReserved(handle.type);
  const declared = metaobjectFields(shop.definitions, type);
  if (declared === undefined)
    return refused(
      'UNDEFINED_OBJECT_TYPE',
      ['handle', 'type'],
      `No metaobject definition exists for ${type}`,
    );
  const fields = metaobject?.fields ?? [];
  const unknown = fields.find(({ key }) => declared[key] === undefined);
  if (unknown !== undefined)
    return refused(
      'UNDEFINED_OBJECT_FIELD',
      ['metaobject', 'fields'],
      `Field definition "${unknown.key}" does not exist`,
    );
  const wrong = fields.find(({ key, value }) => !isValue(declared[key] ?? '', value));
  if (wrong !== undefined)
    return refused(
      'INVALID_VALUE',
      ['metaobject', 'fields'],
      `Value of "${wrong.key}" is no ${declared[wrong.key]}`,
    );
  const values = Object.fromEntries(fields.map(({ key, value }) => [key, value]));
  shop.saveMetaobject({ type, handle: handle.handle, fields: values });
  const saved = shop.metaobjects.byHandle(type, handle.handle);
  return { metaobject: saved === undefined ? null : nodes.metaobject(saved), userErrors: [] };
}

function refused(code: string, field: readonly string[], message: string) {
  return { metaobject: null, userErrors: [{ code, field, message }] };
}
