import { customerIdOf } from '../customers/customer.ts';
import { AppError } from '../errors.ts';

/** The id of a customer in what may hold one; undefined if there is none that can be used. */
export function customerIn(value: unknown): string | undefined {
  try {
    return customerIdOf(value);
  } catch (error) {
    if (error instanceof AppError && error.code === 'customer_unreadable') return undefined;
    throw error;
  }
}
