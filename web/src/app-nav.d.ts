import type { ComponentChildren } from 'preact';

// App Bridge declares its elements for React only.
declare module 'preact' {
  namespace createElement.JSX {
    interface IntrinsicElements {
      's-app-nav': { children?: ComponentChildren };
    }
  }
}
