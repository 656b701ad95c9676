/** Shows the points of a question as buttons, where they are few, and half a point. */
import { Button } from "@lectern/ui";
import { useTranslation } from "../../../texts/use-translation.ts";
import { pointButtons } from "./points-text.ts";

type PointButtonsProps = {
  readonly of: number;
  readonly points: number | null;
  readonly onChoose: (points: number) => void;
  readonly onHalf: () => void;
};

export function PointButtons({ of, points, onChoose, onHalf }: PointButtonsProps) {
  const { t } = useTranslation();
  const whole = points === null ? null : Math.floor(points);
  return (
    <span className="mark-buttons">
      {pointButtons(of).map((one) => (
        <Button key={one} aria-pressed={whole === one} onClick={() => onChoose(one)}>
          {one}
        </Button>
      ))}
      <Button
        aria-label={t("exams.half")}
        aria-pressed={points !== null && !Number.isInteger(points)}
        disabled={of < 0.5}
        onClick={onHalf}
      >
        ½
      </Button>
    </span>
  );
}
