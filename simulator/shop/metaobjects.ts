export interface Metaobject {
  readonly id: string;
  /** The full type: `app--12345--membership_plan`. */
  readonly type: string;
  readonly handle: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type MetaobjectInput = Pick<Metaobject, 'type' | 'handle' | 'fields'>;

export interface Metaobjects {
  readonly all: ReadonlyMap<string, Metaobject>;
  byHandle(type: string, handle: string): Metaobject | undefined;
  /** Fields that are not given stay. */
  save(input: MetaobjectInput): { metaobject: Metaobject; isNew: boolean };
  /** The id stays. @returns undefined if there is none, or another one of its type has the handle */
  rename(id: string, handle: string): Metaobject | undefined;
  /** Puts one back that was removed. */
  restore(metaobject: Metaobject): void;
  remove(id: string): boolean;
}

/** The metaobjects of a shop, by id. */
export function createMetaobjects(now: () => Date): Metaobjects {
  const all = new Map<string, Metaobject>();
  let nextId = 80000000000001n;
  const byHandle = (type: string, handle: string) =>
    [...all.values()].find((one) => one.type === type && one.handle === handle);

  return {
    all,
    byHandle,
    save({ type, handle, fields }) {
      const stood = byHandle(type, handle);
      const { id, createdAt } = stood ?? { id: String((nextId += 7n)), createdAt: now() };
      const metaobject = {
        id,
        type,
        handle,
        fields: { ...stood?.fields, ...fields },
        createdAt,
        updatedAt: now(),
      };
      all.set(id, metaobject);
      return { metaobject, isNew: stood === undefined };
    },
    rename(id, handle) {
      const stood = all.get(id);
      if (stood === undefined || byHandle(stood.type, handle) !== undefined) return undefined;
      const metaobject = { ...stood, handle, updatedAt: now() };
      all.set(id, metaobject);
      return metaobject;
    },
    restore: (metaobject) => void all.set(metaobject.id, metaobject),
    remove: (id) => all.delete(id),
  };
}
