/** Whether `metafieldsSet` refused because a metafield is no longer what its digest says: somebody else was first. */
export const isStale = ({ code }: { readonly code: string | null }): boolean => code === 'STALE_OBJECT';
