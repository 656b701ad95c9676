/** Shows a list to choose from with its name beside it, and nothing where there is nothing to choose. */

type ChoiceProps = {
  readonly label: string;
  readonly className?: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
};

export function Choice({ label, className = "", value, options, onChange }: ChoiceProps) {
  if (options.length < 2) return null;
  return (
    <label className={`wall-choice ${className}`}>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}
