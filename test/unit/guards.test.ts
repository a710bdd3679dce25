import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { guardOf, isNumber, isString, listOf, oneOf, orNull } from '../../web/src/guards.ts';

interface Answer {
  readonly id: string;
  readonly state: 'running' | 'waiting';
  readonly left: number | null;
  readonly names: readonly string[];
}
const answer: Answer = { id: '1', state: 'running', left: null, names: ['a'] };

describe('the guard of an answer', () => {
  const isAnswer = guardOf<Answer>()({
    id: isString,
    state: oneOf('running', 'waiting'),
    left: orNull(isNumber),
    names: listOf(isString),
  });

  test('takes what has the fields that the page uses, and more', () => {
    assert.ok(isAnswer(answer));
    assert.ok(isAnswer({ ...answer, left: 3, more: true }));
  });

  test('refuses what lacks a field or has another type in it', () => {
    const { id: _, ...rest } = answer;
    const others = [
      rest,
      { ...answer, state: 'failed' },
      { ...answer, names: [1] },
      [answer],
      null,
      'answer',
    ];
    for (const other of others) assert.ok(!isAnswer(other), JSON.stringify(other));
  });

  test('does not compile unless every field is the answer’s own', () => {
    const of = guardOf<Answer>();
    // @ts-expect-error the answer has no such field
    of({ name: isString });
    // @ts-expect-error another type
    of({ id: isNumber });
    // @ts-expect-error null would be refused
    of({ left: isNumber });
    // @ts-expect-error null is never sent
    of({ id: orNull(isString) });
    // @ts-expect-error a state would be refused
    of({ state: oneOf('running') });
    // @ts-expect-error a state is never sent
    of({ state: oneOf('running', 'waiting', 'failed') });
    // @ts-expect-error another type in the list
    of({ names: listOf(isNumber) });
  });

  test('tells of no field that it does not check', () => {
    const isId = guardOf<Answer>()({ id: isString });
    const value: unknown = answer;
    assert.ok(isId(value));
    assert.equal(value.id, '1');
    // @ts-expect-error nobody has looked at it
    assert.equal(value.state, 'running');
  });
});
