/** The allowed values of one attribute of a Polaris element. */
export interface AttributeSpec {
  /** The name of the property. */
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
  /** Set by the server, in front of the script. */
  var polarisSpec: Spec;
  /** What the page did that Polaris does not allow. */
  var polarisMisuse: string[];
}
