import {
  getNamedType,
  getOperationAST,
  isAbstractType,
  isCompositeType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

export interface CostInput {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The factor of a list of `n`: linear in Shopify's documents, far smaller in its real answers. */
  readonly scale: (length: number) => number;
}

const MUTATION_COST = 10;
const CONNECTION_COST = 2;

/**
 * The requested cost of a query by Shopify's documents: a scalar 0, an object 1, an interface or union its most expensive
 * selection, a connection 2 plus its nodes times `first`, each field of a mutation 10. Fields of `nodes(ids:)` count for
 * each id. The document must be valid.
 */
export function requestedCost({ schema, document, operationName, variables, scale }: CostInput): number {
  const operation = getOperationAST(document, operationName);
  const root =
    operation === null || operation === undefined ? undefined : schema.getRootType(operation.operation);
  if (operation === null || operation === undefined || root === null || root === undefined) return 0;
  if (root === schema.getMutationType()) return operation.selectionSet.selections.length * MUTATION_COST;
  const defaults = (operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => [
    variable.name.value,
    defaultValue === undefined ? undefined : valueFromASTUntyped(defaultValue),
  ]);
  const values: Readonly<Record<string, unknown>> = { ...Object.fromEntries(defaults), ...variables };
  return ofSelections(operation.selectionSet, root);

  function ofSelections({ selections }: SelectionSetNode, type: GraphQLCompositeType): number {
    let own = 0;
    const fragments: number[] = [];
    for (const selection of selections)
      if (selection.kind === Kind.FIELD) own += ofField(selection, type);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = selection.typeCondition?.name.value ?? type.name;
        fragments.push(ofFragment(selection.selectionSet, on));
      } else {
        const fragment = document.definitions.find(
          (definition) =>
            definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
        );
        if (fragment?.kind === Kind.FRAGMENT_DEFINITION)
          fragments.push(ofFragment(fragment.selectionSet, fragment.typeCondition.name.value));
      }
    const inFragments = isAbstractType(type)
      ? Math.max(0, ...fragments)
      : fragments.reduce((sum, cost) => sum + cost, 0);
    return own + inFragments;
  }

  function ofFragment(selectionSet: SelectionSetNode, on: string): number {
    const type = schema.getType(on);
    return isCompositeType(type) ? ofSelections(selectionSet, type) : 0;
  }

  function ofField(field: FieldNode, parent: GraphQLCompositeType): number {
    const definition = 'getFields' in parent ? parent.getFields()[field.name.value] : undefined;
    const type = getNamedType(definition?.type);
    if (!isCompositeType(type) || field.selectionSet === undefined) return 0;
    const children = ofSelections(field.selectionSet, type);
    if (/(?:Edge|PageInfo)$/.test(type.name)) return children;
    if (type.name.endsWith('Connection'))
      return CONNECTION_COST + scale(Number(argument(field, 'first') ?? 1)) * children;
    const ids = argument(field, 'ids');
    return Array.isArray(ids) ? scale(ids.length) * (1 + children) : 1 + children;
  }

  function argument(field: FieldNode, name: string): unknown {
    const value = field.arguments?.find((one) => one.name.value === name)?.value;
    return value === undefined ? undefined : valueFromASTUntyped(value, values);
  }
}

/** The actual cost of an answer: one point for each object. */
export function answerCost(data: unknown): number {
  if (Array.isArray(data)) return data.reduce((sum: number, item: unknown) => sum + answerCost(item), 0);
  if (typeof data !== 'object' || data === null) return 0;
  return Object.values(data).reduce((sum: number, item) => sum + answerCost(item), 1);
}
