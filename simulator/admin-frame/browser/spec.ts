/** What one attribute of a Polaris element may hold. */
export interface AttributeSpec {
  /** The property of the same meaning. */
  readonly field: string;
  readonly kind: 'boolean' | 'number' | 'enum' | 'words' | 'size' | 'text' | 'method';
  readonly values?: readonly string[];
}

interface ElementSpec {
  /** By name, in lower case. */
  readonly attributes: Readonly<Record<string, AttributeSpec>>;
  /** `''` is the default slot. */
  readonly slots: readonly string[];
}

export type Spec = Readonly<Record<string, ElementSpec>>;

declare global {
  /** Put before the stand-in by the server. */
  var polarisSpec: Spec;
  /** What the page has done that Polaris does not allow. */
  var polarisMisuse: string[];
}
