import type { ComponentChild } from 'preact';
import type { Drawing, Host } from './element.ts';

/** A field: label, control, and details below it. */
function field({ text }: Host, control: ComponentChild): ComponentChild {
  const details = text('details');
  const error = text('error');
  return (
    <>
      <label for="control">{text('label')}</label>
      {control}
      {details !== undefined && (
        <p id="details" class="details">
          {details}
        </p>
      )}
      {error !== undefined && <p class="error">{error}</p>}
    </>
  );
}

// Dates can be typed, as in Polaris; its calendar is not simulated.
const input: Drawing = {
  looks: ['field'],
  style: 'display:block;min-inline-size:180px',
  draw(host) {
    // Set before the event: listeners read the value from the host.
    const take = ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      host.set('value', currentTarget.value);
    return field(
      host,
      <input
        id="control"
        type="text"
        value={host.text('value') ?? ''}
        placeholder={host.text('placeholder') ?? ''}
        disabled={host.flag('disabled')}
        aria-describedby={host.text('details') === undefined ? '' : 'details'}
        onInput={take}
        onChange={(event) => {
          take(event);
          host.emit('change');
        }}
      />,
    );
  },
};

const select: Drawing = {
  looks: ['field'],
  style: 'display:block;min-inline-size:180px',
  draw(host) {
    const options = [...host.element.querySelectorAll('s-option')].map((option) => ({
      value: option.getAttribute('value') ?? '',
      label: option.textContent,
    }));
    return field(
      host,
      <>
        <select
          id="control"
          value={host.text('value') ?? ''}
          onChange={({ currentTarget }) => {
            host.set('value', currentTarget.value);
            host.emit('change');
          }}
        >
          {options.map(({ value, label }) => (
            <option key={value} value={value} selected={value === host.text('value')}>
              {label}
            </option>
          ))}
        </select>
        <slot hidden />
      </>,
    );
  },
};

export const fields: Readonly<Record<string, Drawing>> = {
  's-search-field': input,
  's-text-field': input,
  's-date-field': input,
  's-select': select,
  's-option': { draw: () => <slot />, style: 'display:none' },
};
