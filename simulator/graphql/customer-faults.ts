import { defaultFieldResolver, GraphQLError, type GraphQLFieldResolver } from 'graphql';
import type { Faults } from '../shop/faults.ts';

const isCustomer = (source: unknown): source is { readonly id: string } =>
  typeof source === 'object' && source !== null && Reflect.get(source, '__typename') === 'Customer';

/** Resolves every field as usual but those of customers that the shop withholds or fails at. */
export function createFieldResolver(
  faults: Pick<Faults, 'withheld' | 'spoilt'>,
): GraphQLFieldResolver<unknown, unknown> {
  return function resolve(source, args, context, info) {
    if (!isCustomer(source)) return defaultFieldResolver(source, args, context, info);
    const { fieldName } = info;
    const id = source.id.replace(/.*\//, '');
    if (faults.spoilt.get(id) === fieldName)
      throw new GraphQLError('Internal error', { extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    const { fields, by } = faults.withheld;
    if (!fields.includes(fieldName)) return defaultFieldResolver(source, args, context, info);
    if (by === 'null') return null;
    const message = `This app is not approved to use the ${fieldName} field.`;
    throw new GraphQLError(message, by === 'code' ? { extensions: { code: 'ACCESS_DENIED' } } : {});
  };
}
