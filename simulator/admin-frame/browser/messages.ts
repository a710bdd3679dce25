/** Messages from the page to the admin. */
export type ToAdmin =
  | { readonly kind: 'token'; readonly ask: number }
  | { readonly kind: 'toast'; readonly message: string; readonly isError: boolean }
  | {
      readonly kind: 'navigation';
      readonly links: readonly { readonly href: string; readonly label: string }[];
    }
  | { readonly kind: 'place'; readonly address: string }
  | { readonly kind: 'leave'; readonly href: string };

/** Messages from the admin to the page. */
export type ToPage =
  | { readonly kind: 'token'; readonly ask: number; readonly token: string }
  | { readonly kind: 'navigate'; readonly href: string };

const isObject = (data: unknown): data is object => typeof data === 'object' && data !== null;

// Both sides are in this repository, so checking the kind is enough.
export const isToAdmin = (data: unknown): data is ToAdmin => isObject(data) && 'kind' in data;
export const isToPage = (data: unknown): data is ToPage => isObject(data) && 'kind' in data;
