/** A customer of the simulated shop. */
export interface ShopCustomer {
  /** 18 digits, as at Shopify. */
  readonly id: string;
  readonly email: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly state: 'enabled' | 'invited' | 'disabled' | 'declined';
  readonly verifiedEmail: boolean;
  readonly tags: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type CustomerFields = Omit<ShopCustomer, 'id' | 'tags' | 'createdAt' | 'updatedAt'> & {
  readonly tags?: readonly string[];
};
