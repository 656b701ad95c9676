/** Shows the rungs of a ladder as rows of a form: name, picture or sound only, and their bits. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "../../texts/use-translation.ts";
import { anotherRung, heightsFor, MAX_RUNGS, type RungValues, textOf, valuesOf, withHeight } from "./rung-values.ts";

type RungRowsProps = { readonly value: string; readonly onChange: (value: string) => void };

export function RungRows({ value, onChange }: RungRowsProps) {
  const { t } = useTranslation();
  const rungs = valuesOf(value);
  const set = (next: readonly RungValues[]) => onChange(textOf(next));
  return (
    <div className="rung-rows">
      {rungs.map((rung, index) => (
        <RungRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a rung has no other identity while its name is typed
          key={index}
          rung={rung}
          number={index + 1}
          onChange={(changed) => set(rungs.with(index, changed))}
          onRemove={rungs.length > 1 ? () => set(rungs.toSpliced(index, 1)) : null}
        />
      ))}
      {rungs.length < MAX_RUNGS ? (
        <Button variant="default" onClick={() => set([...rungs, anotherRung(rungs)])}>
          {t("ladders.addRung")}
        </Button>
      ) : null}
    </div>
  );
}

type RungRowProps = {
  readonly rung: RungValues;
  readonly number: number;
  readonly onChange: (rung: RungValues) => void;
  /** Null for the only one. */
  readonly onRemove: (() => void) | null;
};

function RungRow({ rung, number, onChange, onRemove }: RungRowProps) {
  const { t } = useTranslation();
  const isSound = rung.height === "";
  const kbps = { type: "number", min: 0, inputMode: "numeric" } as const;
  return (
    <fieldset className="rung-row">
      <legend>{t("ladders.rung", { number })}</legend>
      <TextInput
        label={t("ladders.rungName")}
        required
        withAsterisk={false}
        pattern="[a-z0-9]{1,16}"
        maxLength={16}
        value={rung.name}
        onChange={(event) => onChange({ ...rung, name: event.target.value })}
      />
      <NativeSelect
        label={t("ladders.size")}
        data={[
          ...heightsFor(rung.height).map((value) => ({ value, label: `${value}p` })),
          { value: "", label: t("ladders.soundOnly") },
        ]}
        value={rung.height}
        onChange={(event) => onChange(withHeight(rung, event.target.value))}
      />
      <TextInput
        {...kbps}
        label={t("ladders.videoKbps")}
        disabled={isSound}
        required={!isSound}
        withAsterisk={false}
        value={rung.videoKbps}
        onChange={(event) => onChange({ ...rung, videoKbps: event.target.value })}
      />
      <TextInput
        {...kbps}
        label={t("ladders.audioKbps")}
        placeholder={t("ladders.asSource")}
        value={rung.audioKbps}
        onChange={(event) => onChange({ ...rung, audioKbps: event.target.value })}
      />
      {onRemove ? (
        <Button variant="default" aria-label={t("ladders.removeRung", { name: rung.name })} onClick={onRemove}>
          {t("ladders.remove")}
        </Button>
      ) : null}
    </fieldset>
  );
}
