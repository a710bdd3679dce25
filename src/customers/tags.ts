// Shopify shows tags as they were typed, but "Gold", "gold" and " gold " are one tag to it.

const normalize = (tag: string): string => tag.trim().toLowerCase();

/** Whether a customer has a tag, whatever its case and the blanks around it. */
export function hasTag(tags: readonly string[], wanted: string): boolean {
  const tag = normalize(wanted);
  return tag !== '' && tags.some((one) => normalize(one) === tag);
}

/**
 * The handles that tags name after a prefix, each once; handles are lower case. A tag that is nothing but the prefix names
 * the handle ''.
 */
export function handlesOf(tags: readonly string[], prefix: string): readonly string[] {
  const start = normalize(prefix);
  if (start === '') return [];
  // A blank after a word parts it from the handle: "member gold" has the prefix "member ", "membership" does not.
  const isParted = /[\p{L}\p{N}]\s+$/u.test(prefix);
  const rests = tags
    .map(normalize)
    .filter((tag) => tag.startsWith(start))
    .map((tag) => tag.slice(start.length))
    .filter((rest) => !isParted || rest === '' || /^\s/.test(rest));
  return [...new Set(rests.map((rest) => rest.trim()))];
}
