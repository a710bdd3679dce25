/** What shopify.app.toml asks merchants for. */
export const REQUIRED_SCOPES = [
  'read_customers',
  'write_customers',
  'read_customer_merge',
  'read_metaobjects',
  'write_metaobject_definitions',
] as const;

/** The required scopes that were not granted. A write scope contains its read scope, which Shopify leaves out then. */
export function missingScopes(granted: readonly string[]): string[] {
  const known = new Set(granted);
  return REQUIRED_SCOPES.filter(
    (scope) => !known.has(scope) && !known.has(scope.replace(/^read_/, 'write_')),
  );
}
