import {
  isTypeDefinitionNode,
  Kind,
  visit,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type TypeNode,
} from 'graphql';

/** The root fields that the app uses. */
const ROOTS: Readonly<Record<string, readonly string[]>> = {
  QueryRoot: [
    'bulkOperation',
    'bulkOperations',
    'currentAppInstallation',
    'customer',
    'customers',
    'customersCount',
    'metaobject',
    'metaobjectByHandle',
    'metaobjects',
    'node',
    'nodes',
    'shop',
  ],
  Mutation: [
    'bulkOperationCancel',
    'bulkOperationRunQuery',
    'metafieldsDelete',
    'metafieldsSet',
    'metaobjectUpsert',
    'tagsAdd',
    'tagsRemove',
  ],
};

/** The types to keep: a field of any other type is dropped. */
const KEPT = new Set(
  `QueryRoot Mutation Boolean Float ID Int String DateTime JSON UnsignedInt64 URL
  Node DisplayableError HasCompareDigest HasMetafields LegacyInteroperability PageInfo Count CountPrecision UserError
  Customer CustomerConnection CustomerEdge CustomerEmailAddress CustomerEmailAddressMarketingState
  CustomerPhoneNumber CustomerSortKeys CustomerState MailingAddress
  Metafield MetafieldConnection MetafieldEdge MetafieldOwnerType MetafieldReference MetafieldReferenceConnection
  MetafieldReferenceEdge MetafieldIdentifier MetafieldIdentifierInput MetafieldsDeletePayload MetafieldsSetInput
  MetafieldsSetPayload MetafieldsSetUserError MetafieldsSetUserErrorCode
  Metaobject MetaobjectConnection MetaobjectEdge MetaobjectField MetaobjectFieldInput MetaobjectHandleInput
  MetaobjectUpsertInput MetaobjectUpsertPayload MetaobjectUserError MetaobjectUserErrorCode
  BulkOperation BulkOperationConnection BulkOperationEdge BulkOperationErrorCode BulkOperationStatus
  BulkOperationType BulkOperationsSortKeys BulkOperationCancelPayload BulkOperationRunQueryPayload
  BulkOperationUserError BulkOperationUserErrorCode TagsAddPayload TagsRemovePayload
  AccessScope App AppInstallation Shop ShopPlan`.split(/\s+/),
);

function isKept(type: TypeNode): boolean {
  return type.kind === Kind.NAMED_TYPE ? KEPT.has(type.name.value) : isKept(type.type);
}

function keptFields(owner: string, fields: readonly FieldDefinitionNode[] = []): FieldDefinitionNode[] {
  return fields.filter(
    ({ name, type, arguments: args = [] }) =>
      (ROOTS[owner]?.includes(name.value) ?? true) && isKept(type) && args.every((arg) => isKept(arg.type)),
  );
}

function pruneDefinition(definition: DefinitionNode): DefinitionNode | undefined {
  if (!isTypeDefinitionNode(definition)) return definition;
  if (!KEPT.has(definition.name.value)) return undefined;
  if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION)
    return {
      ...definition,
      interfaces: (definition.interfaces ?? []).filter(isKept),
      fields: keptFields(definition.name.value, definition.fields),
    };
  if (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
    return { ...definition, fields: (definition.fields ?? []).filter(({ type }) => isKept(type)) };
  if (definition.kind === Kind.UNION_TYPE_DEFINITION)
    return { ...definition, types: (definition.types ?? []).filter(isKept) };
  return definition;
}

/**
 * The schema without descriptions and without what the app does not use. Fields are dropped, never changed: arguments,
 * nullability and deprecations are Shopify's.
 */
export function prune(schema: DocumentNode): DocumentNode {
  const definitions = schema.definitions.flatMap((definition) => pruneDefinition(definition) ?? []);
  return visit(
    { ...schema, definitions },
    {
      enter: (node) =>
        'description' in node && node.description !== undefined
          ? { ...node, description: undefined }
          : undefined,
    },
  );
}
