/** Shows choices as buttons side by side: a television has no sliders and lists. */

type ChoicesProps<T extends string> = {
  readonly label: string;
  readonly chosen: T;
  readonly choices: readonly (readonly [value: T, label: string])[];
  readonly onChoose: (value: T) => void;
};

export function Choices<T extends string>({ label, chosen, choices, onChoose }: ChoicesProps<T>) {
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      <div className="segments">
        {choices.map(([value, text]) => (
          <button key={value} type="button" aria-pressed={value === chosen} onClick={() => onChoose(value)}>
            {text}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
