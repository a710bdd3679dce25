import type { ComponentChildren } from 'preact';

// Of App Bridge, which tells its types to React only.
declare module 'preact' {
  namespace createElement.JSX {
    interface IntrinsicElements {
      's-app-nav': { children?: ComponentChildren };
    }
  }
}
