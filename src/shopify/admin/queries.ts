import type {
  CustomersByChangeQuery,
  CustomersByChangeQueryVariables,
  AllCustomersQuery,
  BulkOperationEndQuery,
  BulkOperationEndQueryVariables,
  BulkOperationsOfAppQuery,
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

/** A GraphQL document and, for the compiler only, what it answers and takes. Types: `npm run codegen`. */
export interface TypedDocument<Data, Variables> {
  /** The operation's name in the text. */
  readonly name: string;
  readonly text: string;
  /** Never there; it holds the types. */
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

// The aliases keep the metafields apart: a customer has many, and these three are asked for one by one.
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
 * Customers by their gids, in that order; null for one that is not there. 250 ids at most, and fewer if the shop's
 * limit of cost for one query says so.
 */
export const customerSnapshots: TypedDocument<CustomerSnapshotsQuery, CustomerSnapshotsQueryVariables> = {
  name: 'CustomerSnapshots',
  text: `query CustomerSnapshots($ids: [ID!]!) {
    nodes(ids: $ids) { kind: __typename ...CustomerSnapshot }
  }${CUSTOMER}${PLAN}`,
};

/** Customers, newest change first. Paging ends at 25,000. */
export const customersByChange: TypedDocument<CustomersByChangeQuery, CustomersByChangeQueryVariables> = {
  name: 'CustomersByChange',
  text: `query CustomersByChange($first: Int!, $after: String) {
    customers(first: $first, after: $after, sortKey: UPDATED_AT, reverse: true) {
      nodes { ...CustomerSnapshot }
      pageInfo { hasNextPage endCursor }
    }
  }${CUSTOMER}${PLAN}`,
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

/** What the kept customer of a merge has of its own, and the plan that the other one had. */
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

/** A customer, and when each of the three metafields was written last. */
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

/** Sets metafields, each only if it is still what its digest says. May be sent twice: the second time is refused. */
export const setMetafields: TypedDocument<SetMetafieldsMutation, SetMetafieldsMutationVariables> = {
  name: 'SetMetafields',
  text: `mutation SetMetafields($metafields: [MetafieldsSetInput!]!) {
    metafieldsSet(metafields: $metafields) {
      userErrors { field message code }
    }
  }`,
};

/** Every customer, for a bulk operation, which reads connections whole. */
export const allCustomers: TypedDocument<AllCustomersQuery, object> = {
  name: 'AllCustomers',
  text: `query AllCustomers {
    customers { edges { node { ...CustomerSnapshot } } }
  }${CUSTOMER}${PLAN}`,
};

/** Starts a bulk operation. Must not be sent twice: each time starts one. */
export const runBulkQuery: TypedDocument<RunBulkQueryMutation, RunBulkQueryMutationVariables> = {
  name: 'RunBulkQuery',
  text: `mutation RunBulkQuery($query: String!) {
    bulkOperationRunQuery(query: $query, groupObjects: false) {
      bulkOperation { id createdAt }
      userErrors { code }
    }
  }`,
};

/** How far a bulk operation is, and where its result lies. */
export const bulkOperationEnd: TypedDocument<BulkOperationEndQuery, BulkOperationEndQueryVariables> = {
  name: 'BulkOperationEnd',
  text: `query BulkOperationEnd($id: ID!) {
    bulkOperation(id: $id) { status errorCode createdAt objectCount url partialDataUrl }
  }`,
};

/** The app's latest bulk operations in the shop, newest first. */
export const bulkOperationsOfApp: TypedDocument<BulkOperationsOfAppQuery, object> = {
  name: 'BulkOperationsOfApp',
  text: `query BulkOperationsOfApp {
    bulkOperations(first: 10, sortKey: CREATED_AT, reverse: true) { nodes { id createdAt query } }
  }`,
};

/** A page of the customers in the order of their ids, where bulk operations are refused. */
export const customersPage: TypedDocument<CustomersPageQuery, CustomersPageQueryVariables> = {
  name: 'CustomersPage',
  text: `query CustomersPage($first: Int!, $after: String, $query: String) {
    customers(first: $first, after: $after, query: $query, sortKey: ID) {
      nodes { ...CustomerSnapshot }
      pageInfo { hasNextPage endCursor }
    }
  }${CUSTOMER}${PLAN}`,
};
