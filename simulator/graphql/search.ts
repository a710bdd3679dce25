import { GraphQLError } from 'graphql';
import type { ShopCustomer } from '../shop/customer.ts';
import { toShopTime } from '../shop/time.ts';

const TERM = /(\w+):(>=|<=|>|<)?("[^"]*"|'[^']*'|\S+)/y;

/**
 * The customers of a search such as `updated_at:>=2026-10-05 AND state:ENABLED`. Times match by whole days of the shop's
 * time zone. An unsupported filter is an error; Shopify ignores it and returns everybody.
 */
export function toFilter(
  query: string | null | undefined,
  offset: number,
): (customer: ShopCustomer) => boolean {
  const text = (query ?? '').trim();
  const tests: ((customer: ShopCustomer) => boolean)[] = [];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < text.length) {
    const [, name = '', comparator = '', value = ''] = TERM.exec(text) ?? [];
    if (name === '') throw new GraphQLError(`The simulated shop cannot search for: ${text}`);
    tests.push(toTest(name, comparator, value.replace(/^["']|["']$/g, ''), offset));
    const gap = /^\s+(?:AND\s+)?/.exec(text.slice(TERM.lastIndex))?.[0].length ?? 0;
    TERM.lastIndex += gap;
  }
  return (customer) => tests.every((test) => test(customer));
}

function toTest(name: string, comparator: string, value: string, offset: number) {
  const dayOf = (time: Date) => toShopTime(time, offset).slice(0, 10);
  const day = value.includes('T') ? dayOf(new Date(value)) : value;
  const tests: Readonly<Record<string, (customer: ShopCustomer) => boolean>> = {
    updated_at: ({ updatedAt }) => matches(comparator, dayOf(updatedAt), day),
    created_at: ({ createdAt }) => matches(comparator, dayOf(createdAt), day),
    id: ({ id }) => matches(comparator, BigInt(id), BigInt(value)),
    state: ({ state }) => state === value.toLowerCase(),
    email: ({ email }) => email?.toLowerCase() === value.toLowerCase(),
    // Tags have no case.
    tag: ({ tags }) => tags.some((tag) => tag.toLowerCase() === value.toLowerCase()),
  };
  const test = tests[name];
  if (test === undefined) throw new GraphQLError(`The simulated shop cannot search by ${name}`);
  return test;
}

function matches<Value extends string | bigint>(comparator: string, a: Value, b: Value): boolean {
  if (comparator === '>=') return a >= b;
  if (comparator === '<=') return a <= b;
  if (comparator === '>') return a > b;
  return comparator === '<' ? a < b : a === b;
}
