/** A time in webhooks: whole seconds with the shop's offset (minutes east of UTC), `2021-12-31T19:00:00-05:00`. */
export function toShopTime(time: Date, offset: number): string {
  const local = new Date(time.getTime() + offset * 60_000).toISOString().slice(0, 19);
  const minutes = Math.abs(offset);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** A time in the Admin API: whole seconds in UTC, `2022-01-01T00:00:00Z`. */
export function toApiTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
