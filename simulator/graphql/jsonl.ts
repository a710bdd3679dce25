/**
 * The lines of a bulk operation's result: one for each node of a connection. Nodes of nested connections follow in lines
 * of their own with `__parentId`; anything else stays in the line.
 */
export function toJsonLines(data: unknown): { lines: string[]; roots: number } {
  const lines: string[] = [];
  let roots = 0;

  function add(node: unknown, parentId: unknown): void {
    if (!isRecord(node)) return;
    const entries = Object.entries(node);
    const own = entries.filter(([, value]) => nodesOf(value) === undefined);
    const parent = parentId === undefined ? [] : [['__parentId', parentId]];
    lines.push(JSON.stringify(Object.fromEntries([...own, ...parent])));
    for (const [, value] of entries) for (const child of nodesOf(value) ?? []) add(child, node.id);
  }

  for (const value of isRecord(data) ? Object.values(data) : [])
    for (const node of nodesOf(value) ?? []) {
      roots += 1;
      add(node, undefined);
    }
  return { lines, roots };
}

function nodesOf(value: unknown): unknown[] | undefined {
  if (!isRecord(value)) return undefined;
  if (Array.isArray(value.nodes)) return value.nodes;
  if (!Array.isArray(value.edges)) return undefined;
  return value.edges.flatMap((edge: unknown) => (isRecord(edge) ? [edge.node] : []));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
