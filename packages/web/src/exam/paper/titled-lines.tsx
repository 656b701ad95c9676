/** Shows lines of a paper or of an answer below what they are. */
import { RichText } from "./rich-text.tsx";

type TitledLinesProps = {
  readonly title: string;
  readonly lines: readonly string[];
  /** What is said where there are none. Default: nothing is shown. */
  readonly none?: string;
};

export function TitledLines({ title, lines, none }: TitledLinesProps) {
  if (lines.length === 0 && none === undefined) return null;
  return (
    <div className="titled-lines">
      <span className="text-muted">{title}</span>
      {lines.length === 0 ? <span>{none}</span> : null}
      {lines.map((line) => (
        <RichText key={line} text={line} />
      ))}
    </div>
  );
}
