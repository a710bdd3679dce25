/** A customer as in a line of a bulk operation. */
export function aNode(n: number) {
  const createdAt = new Date(Date.UTC(2024, 0, 1) + n * 1000).toISOString();
  const flag = (every: number) => (n % every === 0 ? { jsonValue: true } : null);
  return {
    id: `gid://shopify/Customer/${706405506930370000n + BigInt(n)}`,
    firstName: `Ada${n}`,
    lastName: 'Lovelace',
    defaultEmailAddress: { emailAddress: `ada${n}@example.com` },
    state: 'ENABLED',
    tags: ['newsletter', 'vip'],
    verifiedEmail: true,
    createdAt,
    updatedAt: createdAt,
    is_admin: flag(100),
    is_featured_author: flag(50),
    membership_plan: null,
  };
}
