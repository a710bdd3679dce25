import { AppError } from '../../errors.ts';

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor?: string | null | undefined;
}

/**
 * Follows the cursors of one list: gives the cursor of the page after one, undefined after the last. A list that announces
 * more and names a page that has been read already, or none, would be read for ever.
 * @param things what the list has, for the error's text
 * @throws AppError `admin_api_unavailable` from the function, when the list does not get on
 */
export function createListCursor(things: string): (pageInfo: PageInfo) => string | undefined {
  const seen = new Set<string>();
  return function next({ hasNextPage, endCursor }) {
    if (!hasNextPage) return undefined;
    if (typeof endCursor !== 'string' || seen.has(endCursor))
      throw new AppError('admin_api_unavailable', `Shopify tells the same page of ${things} again and again`);
    seen.add(endCursor);
    return endCursor;
  };
}
