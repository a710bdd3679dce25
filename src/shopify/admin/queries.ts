import type {
  CustomersByChangeQuery,
  CustomersByChangeQueryVariables,
  AllCustomersQuery,
  BulkOperationEndQuery,
  BulkOperationEndQueryVariables,
  BulkOperationsOfAppQuery,
  CancelBulkOperationMutation,
  CancelBulkOperationMutationVariables,
  CustomerIdsByChangeQuery,
  CustomerIdsByChangeQueryVariables,
  CustomerIdsPageQuery,
  CustomerIdsPageQueryVariables,
  CustomerRolesQuery,
  CustomerRolesQueryVariables,
  CustomerSourcesQuery,
  CustomerSourcesQueryVariables,
  CustomerSnapshotsQuery,
  CustomerSnapshotsQueryVariables,
  CustomersPageQuery,
  CustomersPageQueryVariables,
  FoundCustomersQuery,
  FoundCustomersQueryVariables,
  ExistingCustomersQuery,
  ExistingCustomersQueryVariables,
  KeptCustomerQuery,
  KeptCustomerQueryVariables,
  MembershipPlansQuery,
  MembershipPlansQueryVariables,
  PlansByGidQuery,
  PlansByGidQueryVariables,
  RunBulkQueryMutation,
  RunBulkQueryMutationVariables,
  SetMetafieldsMutation,
  SetMetafieldsMutationVariables,
} from './admin-types.generated.ts';

/** A GraphQL document with the types of its data and variables, which `npm run codegen` generates. */
export interface TypedDocument<Data, Variables> {
  /** The operation's name in the text. */
  readonly name: string;
  readonly text: string;
  /** Never set; carries the types. */
  readonly types?: (variables: Variables) => Data;
}

const PLAN = `
  fragment Plan on Metaobject {
    id
    handle
    type
    updatedAt
    fields { key jsonValue }
  }`;

// One alias for each metafield: a customer may have many, and only these three are wanted.
const CUSTOMER = `
  fragment CustomerSnapshot on Customer {
    id
    firstName
    lastName
    defaultEmailAddress { emailAddress }
    state
    tags
    verifiedEmail
    createdAt
    updatedAt
    is_admin: metafield(namespace: "$app", key: "is_admin") { jsonValue }
    is_featured_author: metafield(namespace: "$app", key: "is_featured_author") { jsonValue }
    membership_plan: metafield(namespace: "$app", key: "membership_plan") {
      value
      reference { kind: __typename ...Plan }
    }
  }`;

/**
 * Customers by gid, in the order of the ids; null for a missing one. At most 250 ids, or fewer if the shop's cost limit
 * of one query does not allow them.
 */
export const customerSnapshots: TypedDocument<CustomerSnapshotsQuery, CustomerSnapshotsQueryVariables> = {
  name: 'CustomerSnapshots',
  text: `query CustomerSnapshots($ids: [ID!]!) {
    nodes(ids: $ids) { kind: __typename ...CustomerSnapshot }
  }${CUSTOMER}${PLAN}`,
};

/** Customers, newest change first. Shopify ends paging at 25,000. */
export const customersByChange: TypedDocument<CustomersByChangeQuery, CustomersByChangeQueryVariables> = {
  name: 'CustomersByChange',
  text: `query CustomersByChange($first: Int!, $after: String) {
    customers(first: $first, after: $after, sortKey: UPDATED_AT, reverse: true) {
      nodes { ...CustomerSnapshot }
      pageInfo { hasNextPage endCursor }
    }
  }${CUSTOMER}${PLAN}`,
};

/** The same with nothing but ids and times. */
export const customerIdsByChange: TypedDocument<CustomerIdsByChangeQuery, CustomerIdsByChangeQueryVariables> =
  {
    name: 'CustomerIdsByChange',
    text: `query CustomerIdsByChange($first: Int!, $after: String) {
    customers(first: $first, after: $after, sortKey: UPDATED_AT, reverse: true) {
      nodes { id updatedAt }
      pageInfo { hasNextPage endCursor }
    }
  }`,
  };

/** A page of the membership plans. */
export const membershipPlans: TypedDocument<MembershipPlansQuery, MembershipPlansQueryVariables> = {
  name: 'MembershipPlans',
  text: `query MembershipPlans($first: Int!, $after: String) {
    metaobjects(type: "$app:membership_plan", first: $first, after: $after) {
      nodes { ...Plan }
      pageInfo { hasNextPage endCursor }
    }
  }${PLAN}`,
};

/** Plans by their gids, in that order; null for one that is not there. 250 ids at most. */
export const plansByGid: TypedDocument<PlansByGidQuery, PlansByGidQueryVariables> = {
  name: 'PlansByGid',
  text: `query PlansByGid($ids: [ID!]!) {
    nodes(ids: $ids) { kind: __typename ...Plan }
  }${PLAN}`,
};

/** A page of the ids of those whom a search finds. */
export const foundCustomers: TypedDocument<FoundCustomersQuery, FoundCustomersQueryVariables> = {
  name: 'FoundCustomers',
  text: `query FoundCustomers($first: Int!, $after: String, $query: String!) {
    customers(first: $first, after: $after, query: $query, sortKey: ID) {
      nodes { id }
      pageInfo { hasNextPage endCursor }
    }
  }`,
};

/** What a customer's flags are at Shopify, with the digests that a change of them has to name. */
export const customerRoles: TypedDocument<CustomerRolesQuery, CustomerRolesQueryVariables> = {
  name: 'CustomerRoles',
  text: `query CustomerRoles($id: ID!) {
    customer(id: $id) {
      id
      is_admin: metafield(namespace: "$app", key: "is_admin") { jsonValue compareDigest }
      is_featured_author: metafield(namespace: "$app", key: "is_featured_author") { jsonValue compareDigest }
    }
  }`,
};

/** The kept customer of a merge, and the plan that the deleted one had. */
export const keptCustomer: TypedDocument<KeptCustomerQuery, KeptCustomerQueryVariables> = {
  name: 'KeptCustomer',
  text: `query KeptCustomer($id: ID!, $plan: ID!, $asksPlan: Boolean!) {
    customer(id: $id) {
      tags
      is_featured_author: metafield(namespace: "$app", key: "is_featured_author") { id }
      membership_plan: metafield(namespace: "$app", key: "membership_plan") { id }
    }
    plan: metaobject(id: $plan) @include(if: $asksPlan) { id }
  }`,
};

/** A customer, and the time of the last write of each of the three metafields. */
export const customerSources: TypedDocument<CustomerSourcesQuery, CustomerSourcesQueryVariables> = {
  name: 'CustomerSources',
  text: `query CustomerSources($id: ID!) {
    customer(id: $id) {
      ...CustomerSnapshot
      is_admin: metafield(namespace: "$app", key: "is_admin") { updatedAt }
      is_featured_author: metafield(namespace: "$app", key: "is_featured_author") { updatedAt }
      membership_plan: metafield(namespace: "$app", key: "membership_plan") { updatedAt }
    }
  }${CUSTOMER}${PLAN}`,
};

/** Sets metafields, each on the condition of its `compareDigest`. Safe to send twice: the second is refused. */
export const setMetafields: TypedDocument<SetMetafieldsMutation, SetMetafieldsMutationVariables> = {
  name: 'SetMetafields',
  text: `mutation SetMetafields($metafields: [MetafieldsSetInput!]!) {
    metafieldsSet(metafields: $metafields) {
      userErrors { field message code }
    }
  }`,
};

/** Every customer, as a bulk operation. */
export const allCustomers: TypedDocument<AllCustomersQuery, object> = {
  name: 'AllCustomers',
  text: `query AllCustomers {
    customers { edges { node { ...CustomerSnapshot } } }
  }${CUSTOMER}${PLAN}`,
};

/** Starts a bulk operation. Not idempotent: each call starts one. */
export const runBulkQuery: TypedDocument<RunBulkQueryMutation, RunBulkQueryMutationVariables> = {
  name: 'RunBulkQuery',
  text: `mutation RunBulkQuery($query: String!) {
    bulkOperationRunQuery(query: $query, groupObjects: false) {
      bulkOperation { id createdAt }
      userErrors { code }
    }
  }`,
};

/** The state of a bulk operation and the URL of its result. */
export const bulkOperationEnd: TypedDocument<BulkOperationEndQuery, BulkOperationEndQueryVariables> = {
  name: 'BulkOperationEnd',
  text: `query BulkOperationEnd($id: ID!) {
    bulkOperation(id: $id) { status errorCode createdAt objectCount rootObjectCount url }
  }`,
};

/** Ends a bulk operation, as soon as Shopify comes to it. */
export const cancelBulkOperation: TypedDocument<
  CancelBulkOperationMutation,
  CancelBulkOperationMutationVariables
> = {
  name: 'CancelBulkOperation',
  text: `mutation CancelBulkOperation($id: ID!) {
    bulkOperationCancel(id: $id) {
      userErrors { message }
    }
  }`,
};

/** The app's latest bulk operations in the shop, newest first. */
export const bulkOperationsOfApp: TypedDocument<BulkOperationsOfAppQuery, object> = {
  name: 'BulkOperationsOfApp',
  text: `query BulkOperationsOfApp {
    bulkOperations(first: 10, sortKey: CREATED_AT, reverse: true) { nodes { id query } }
  }`,
};

/** A page of the customers by id, for shops that refuse bulk operations. */
export const customersPage: TypedDocument<CustomersPageQuery, CustomersPageQueryVariables> = {
  name: 'CustomersPage',
  text: `query CustomersPage($first: Int!, $after: String, $query: String) {
    customers(first: $first, after: $after, query: $query, sortKey: ID) {
      nodes { ...CustomerSnapshot }
      pageInfo { hasNextPage endCursor }
    }
  }${CUSTOMER}${PLAN}`,
};

/** The same with nothing but the ids. */
export const customerIdsPage: TypedDocument<CustomerIdsPageQuery, CustomerIdsPageQueryVariables> = {
  name: 'CustomerIdsPage',
  text: `query CustomerIdsPage($first: Int!, $after: String, $query: String) {
    customers(first: $first, after: $after, query: $query, sortKey: ID) {
      nodes { id }
      pageInfo { hasNextPage endCursor }
    }
  }`,
};

/** Which customers there are, by their gids, in that order; null for one that is not there. */
export const existingCustomers: TypedDocument<ExistingCustomersQuery, ExistingCustomersQueryVariables> = {
  name: 'ExistingCustomers',
  text: `query ExistingCustomers($ids: [ID!]!) {
    nodes(ids: $ids) { id }
  }`,
};
