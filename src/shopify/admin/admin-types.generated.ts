// Generated from queries.ts and Shopify’s schema 2026-10 by `npm run codegen`. Do not edit.

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };

export type BulkOperationErrorCode = 'ACCESS_DENIED' | 'INTERNAL_SERVER_ERROR' | 'TIMEOUT';

export type BulkOperationStatus =
  'CANCELED' | 'CANCELING' | 'COMPLETED' | 'CREATED' | 'EXPIRED' | 'FAILED' | 'RUNNING';

export type BulkOperationUserErrorCode = 'INVALID' | 'LIMIT_REACHED' | 'OPERATION_IN_PROGRESS';

export type CustomerState = 'DECLINED' | 'DISABLED' | 'ENABLED' | 'INVITED';

export type MetafieldsSetInput = {
  readonly compareDigest?: string | null | undefined;
  readonly key: string;
  readonly namespace?: string | null | undefined;
  readonly ownerId: string;
  readonly type?: string | null | undefined;
  readonly value: string;
};

export type MetafieldsSetUserErrorCode =
  | 'APP_NOT_AUTHORIZED'
  | 'BLANK'
  | 'CAPABILITY_VIOLATION'
  | 'INCLUSION'
  | 'INTERNAL_ERROR'
  | 'INVALID'
  | 'INVALID_COMPARE_DIGEST'
  | 'INVALID_TYPE'
  | 'INVALID_VALUE'
  | 'LESS_THAN_OR_EQUAL_TO'
  | 'PRESENT'
  | 'STALE_OBJECT'
  | 'TAKEN'
  | 'TOO_LONG'
  | 'TOO_SHORT';

export type AllCustomersQueryVariables = Exact<{ [key: string]: never }>;

export type AllCustomersQuery = {
  readonly customers: {
    readonly edges: ReadonlyArray<{
      readonly node: {
        readonly id: string;
        readonly firstName: string | null;
        readonly lastName: string | null;
        readonly state: CustomerState;
        readonly tags: ReadonlyArray<string>;
        readonly verifiedEmail: boolean;
        readonly createdAt: string;
        readonly updatedAt: string;
        readonly defaultEmailAddress: { readonly emailAddress: string } | null;
        readonly is_admin: { readonly jsonValue: unknown } | null;
        readonly is_featured_author: { readonly jsonValue: unknown } | null;
        readonly membership_plan: {
          readonly value: string;
          readonly reference:
            | { readonly kind: 'Customer' }
            | {
                readonly id: string;
                readonly handle: string;
                readonly type: string;
                readonly updatedAt: string;
                readonly kind: 'Metaobject';
                readonly fields: ReadonlyArray<{ readonly key: string; readonly jsonValue: unknown }>;
              }
            | null;
        } | null;
      };
    }>;
  };
};

export type CustomerSnapshotFragment = {
  readonly id: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly state: CustomerState;
  readonly tags: ReadonlyArray<string>;
  readonly verifiedEmail: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly defaultEmailAddress: { readonly emailAddress: string } | null;
  readonly is_admin: { readonly jsonValue: unknown } | null;
  readonly is_featured_author: { readonly jsonValue: unknown } | null;
  readonly membership_plan: {
    readonly value: string;
    readonly reference:
      | { readonly kind: 'Customer' }
      | {
          readonly id: string;
          readonly handle: string;
          readonly type: string;
          readonly updatedAt: string;
          readonly kind: 'Metaobject';
          readonly fields: ReadonlyArray<{ readonly key: string; readonly jsonValue: unknown }>;
        }
      | null;
  } | null;
};

export type PlanFragment = {
  readonly id: string;
  readonly handle: string;
  readonly type: string;
  readonly updatedAt: string;
  readonly fields: ReadonlyArray<{ readonly key: string; readonly jsonValue: unknown }>;
};

export type BulkOperationEndQueryVariables = Exact<{
  id: string;
}>;

export type BulkOperationEndQuery = {
  readonly bulkOperation: {
    readonly status: BulkOperationStatus;
    readonly errorCode: BulkOperationErrorCode | null;
    readonly createdAt: string;
    readonly objectCount: string;
    readonly rootObjectCount: string;
    readonly url: string | null;
  } | null;
};

export type BulkOperationsOfAppQueryVariables = Exact<{ [key: string]: never }>;

export type BulkOperationsOfAppQuery = {
  readonly bulkOperations: { readonly nodes: ReadonlyArray<{ readonly id: string; readonly query: string }> };
};

export type CancelBulkOperationMutationVariables = Exact<{
  id: string;
}>;

export type CancelBulkOperationMutation = {
  readonly bulkOperationCancel: { readonly userErrors: ReadonlyArray<{ readonly message: string }> } | null;
};

export type CustomerIdsByChangeQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;

export type CustomerIdsByChangeQuery = {
  readonly customers: {
    readonly nodes: ReadonlyArray<{ readonly id: string; readonly updatedAt: string }>;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
};

export type CustomerIdsPageQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  query?: string | null | undefined;
}>;

export type CustomerIdsPageQuery = {
  readonly customers: {
    readonly nodes: ReadonlyArray<{ readonly id: string }>;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
};

export type CustomerRolesQueryVariables = Exact<{
  id: string;
}>;

export type CustomerRolesQuery = {
  readonly customer: {
    readonly id: string;
    readonly is_admin: { readonly jsonValue: unknown; readonly compareDigest: string } | null;
    readonly is_featured_author: { readonly jsonValue: unknown; readonly compareDigest: string } | null;
  } | null;
};

export type CustomerSnapshotsQueryVariables = Exact<{
  ids: ReadonlyArray<string>;
}>;

export type CustomerSnapshotsQuery = {
  readonly nodes: ReadonlyArray<
    | { readonly kind: 'App' }
    | { readonly kind: 'AppInstallation' }
    | { readonly kind: 'BulkOperation' }
    | {
        readonly id: string;
        readonly firstName: string | null;
        readonly lastName: string | null;
        readonly state: CustomerState;
        readonly tags: ReadonlyArray<string>;
        readonly verifiedEmail: boolean;
        readonly createdAt: string;
        readonly updatedAt: string;
        readonly kind: 'Customer';
        readonly defaultEmailAddress: { readonly emailAddress: string } | null;
        readonly is_admin: { readonly jsonValue: unknown } | null;
        readonly is_featured_author: { readonly jsonValue: unknown } | null;
        readonly membership_plan: {
          readonly value: string;
          readonly reference:
            | { readonly kind: 'Customer' }
            | {
                readonly id: string;
                readonly handle: string;
                readonly type: string;
                readonly updatedAt: string;
                readonly kind: 'Metaobject';
                readonly fields: ReadonlyArray<{ readonly key: string; readonly jsonValue: unknown }>;
              }
            | null;
        } | null;
      }
    | { readonly kind: 'MailingAddress' }
    | { readonly kind: 'Metafield' }
    | { readonly kind: 'Metaobject' }
    | { readonly kind: 'Shop' }
    | null
  >;
};

export type CustomerSourcesQueryVariables = Exact<{
  id: string;
}>;

export type CustomerSourcesQuery = {
  readonly customer: {
    readonly id: string;
    readonly firstName: string | null;
    readonly lastName: string | null;
    readonly state: CustomerState;
    readonly tags: ReadonlyArray<string>;
    readonly verifiedEmail: boolean;
    readonly createdAt: string;
    readonly updatedAt: string;
    readonly is_admin: { readonly updatedAt: string; readonly jsonValue: unknown } | null;
    readonly is_featured_author: { readonly updatedAt: string; readonly jsonValue: unknown } | null;
    readonly membership_plan: {
      readonly updatedAt: string;
      readonly value: string;
      readonly reference:
        | { readonly kind: 'Customer' }
        | {
            readonly id: string;
            readonly handle: string;
            readonly type: string;
            readonly updatedAt: string;
            readonly kind: 'Metaobject';
            readonly fields: ReadonlyArray<{ readonly key: string; readonly jsonValue: unknown }>;
          }
        | null;
    } | null;
    readonly defaultEmailAddress: { readonly emailAddress: string } | null;
  } | null;
};

export type CustomersByChangeQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;

export type CustomersByChangeQuery = {
  readonly customers: {
    readonly nodes: ReadonlyArray<{
      readonly id: string;
      readonly firstName: string | null;
      readonly lastName: string | null;
      readonly state: CustomerState;
      readonly tags: ReadonlyArray<string>;
      readonly verifiedEmail: boolean;
      readonly createdAt: string;
      readonly updatedAt: string;
      readonly defaultEmailAddress: { readonly emailAddress: string } | null;
      readonly is_admin: { readonly jsonValue: unknown } | null;
      readonly is_featured_author: { readonly jsonValue: unknown } | null;
      readonly membership_plan: {
        readonly value: string;
        readonly reference:
          | { readonly kind: 'Customer' }
          | {
              readonly id: string;
              readonly handle: string;
              readonly type: string;
              readonly updatedAt: string;
              readonly kind: 'Metaobject';
              readonly fields: ReadonlyArray<{ readonly key: string; readonly jsonValue: unknown }>;
            }
          | null;
      } | null;
    }>;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
};

export type CustomersPageQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  query?: string | null | undefined;
}>;

export type CustomersPageQuery = {
  readonly customers: {
    readonly nodes: ReadonlyArray<{
      readonly id: string;
      readonly firstName: string | null;
      readonly lastName: string | null;
      readonly state: CustomerState;
      readonly tags: ReadonlyArray<string>;
      readonly verifiedEmail: boolean;
      readonly createdAt: string;
      readonly updatedAt: string;
      readonly defaultEmailAddress: { readonly emailAddress: string } | null;
      readonly is_admin: { readonly jsonValue: unknown } | null;
      readonly is_featured_author: { readonly jsonValue: unknown } | null;
      readonly membership_plan: {
        readonly value: string;
        readonly reference:
          | { readonly kind: 'Customer' }
          | {
              readonly id: string;
              readonly handle: string;
              readonly type: string;
              readonly updatedAt: string;
              readonly kind: 'Metaobject';
              readonly fields: ReadonlyArray<{ readonly key: string; readonly jsonValue: unknown }>;
            }
          | null;
      } | null;
    }>;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
};

export type ExistingCustomersQueryVariables = Exact<{
  ids: ReadonlyArray<string>;
}>;

export type ExistingCustomersQuery = {
  readonly nodes: ReadonlyArray<
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | null
  >;
};

export type FoundCustomersQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  query: string;
}>;

export type FoundCustomersQuery = {
  readonly customers: {
    readonly nodes: ReadonlyArray<{ readonly id: string }>;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
};

export type KeptCustomerQueryVariables = Exact<{
  id: string;
  plan: string;
  asksPlan: boolean;
}>;

export type KeptCustomerQuery = {
  readonly customer: {
    readonly tags: ReadonlyArray<string>;
    readonly is_featured_author: { readonly id: string } | null;
    readonly membership_plan: { readonly id: string } | null;
  } | null;
  readonly plan?: { readonly id: string } | null;
};

export type MembershipPlansQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;

export type MembershipPlansQuery = {
  readonly metaobjects: {
    readonly nodes: ReadonlyArray<{
      readonly id: string;
      readonly handle: string;
      readonly type: string;
      readonly updatedAt: string;
      readonly fields: ReadonlyArray<{ readonly key: string; readonly jsonValue: unknown }>;
    }>;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
};

export type PlansByGidQueryVariables = Exact<{
  ids: ReadonlyArray<string>;
}>;

export type PlansByGidQuery = {
  readonly nodes: ReadonlyArray<
    | { readonly kind: 'App' }
    | { readonly kind: 'AppInstallation' }
    | { readonly kind: 'BulkOperation' }
    | { readonly kind: 'Customer' }
    | { readonly kind: 'MailingAddress' }
    | { readonly kind: 'Metafield' }
    | {
        readonly id: string;
        readonly handle: string;
        readonly type: string;
        readonly updatedAt: string;
        readonly kind: 'Metaobject';
        readonly fields: ReadonlyArray<{ readonly key: string; readonly jsonValue: unknown }>;
      }
    | { readonly kind: 'Shop' }
    | null
  >;
};

export type RunBulkQueryMutationVariables = Exact<{
  query: string;
}>;

export type RunBulkQueryMutation = {
  readonly bulkOperationRunQuery: {
    readonly bulkOperation: { readonly id: string; readonly createdAt: string } | null;
    readonly userErrors: ReadonlyArray<{ readonly code: BulkOperationUserErrorCode | null }>;
  } | null;
};

export type SetMetafieldsMutationVariables = Exact<{
  metafields: ReadonlyArray<MetafieldsSetInput>;
}>;

export type SetMetafieldsMutation = {
  readonly metafieldsSet: {
    readonly userErrors: ReadonlyArray<{
      readonly field: ReadonlyArray<string> | null;
      readonly message: string;
      readonly code: MetafieldsSetUserErrorCode | null;
    }>;
  } | null;
};
