import type { CustomerFields } from '../simulator/shop/shop.ts';

const FIRST = [
  'Ada',
  'Björn',
  'Chidi',
  'Dalia',
  'Eun-ji',
  'Farid',
  'Greta',
  'Hiro',
  'Inês',
  'نور',
  'Kofi',
  'Łucja',
];
const LAST = [
  'Okafor',
  'Nilsson',
  'Haddad',
  'Silva',
  'Kowalska',
  'Mbeki',
  'Tanaka',
  'Novák',
  'García',
  'Baker',
];
const STATES = ['enabled', 'enabled', 'enabled', 'invited', 'disabled'] as const;

/** The nth person of the demo. Every ninth has no name and e-mail, as without approval for protected customer data. */
export function toPerson(n: number): CustomerFields {
  const state = STATES[n % STATES.length] ?? 'enabled';
  if (n % 9 === 8) return { email: null, firstName: null, lastName: null, state, verifiedEmail: false };
  const firstName = FIRST[n % FIRST.length] ?? null;
  const lastName = LAST[n % LAST.length] ?? null;
  return { email: `person-${n}@example.com`, firstName, lastName, state, verifiedEmail: n % 4 !== 3 };
}
