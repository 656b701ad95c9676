/** Shows the row of tools below or beside the board. On narrow screens it scrolls sideways; what belongs to the chosen tool stands behind it. */

import { COLORS, PALETTE } from "@lectern/board";
import { Icon, Popup } from "@lectern/ui";
import {
  ARROW_ICON,
  ELLIPSE_ICON,
  ERASER_ICON,
  FORMULA_ICON,
  HAND_ICON,
  type IconDrawing,
  LASER_ICON,
  LINE_ICON,
  MARKER_ICON,
  PEN_ICON,
  RECTANGLE_ICON,
  REDO_ICON,
  SELECT_ICON,
  SHRINK_ICON,
  TEXT_ICON,
  TRASH_ICON,
  UNDO_ICON,
  ZOOM_IN_ICON,
  ZOOM_OUT_ICON,
} from "@lectern/ui/icons";
import type { ReactNode } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import type { DrawingSession, SessionState } from "./drawing-session.ts";
import { listed } from "./gestures.ts";
import {
  colorOf,
  type DrawingTool,
  hasColor,
  hasThickness,
  SHAPES,
  STUDENT_TOOLS,
  TEACHER_TOOLS,
  THICKNESSES,
  thicknessOf,
  withColor,
  withThickness,
} from "./tools.ts";

type ToolRowProps = {
  readonly session: DrawingSession;
  readonly state: SessionState;
  readonly isStaff: boolean;
  readonly isEnlarged: boolean;
  /** @param by 0: all of the page */
  readonly zoom: (by: number) => void;
  readonly onFormula: () => void;
  /** A tool was chosen: the page takes the keys of the tools. */
  readonly onChosen: () => void;
};

const ZOOM_STEP = 1.4;
const TOOL_ICONS: Readonly<Record<DrawingTool, IconDrawing>> = {
  pen: PEN_ICON,
  marker: MARKER_ICON,
  eraser: ERASER_ICON,
  line: LINE_ICON,
  arrow: ARROW_ICON,
  rectangle: RECTANGLE_ICON,
  ellipse: ELLIPSE_ICON,
  text: TEXT_ICON,
  select: SELECT_ICON,
  formula: FORMULA_ICON,
  laser: LASER_ICON,
  hand: HAND_ICON,
};

export function ToolRow({ session, state, isStaff, isEnlarged, zoom, onFormula, onChosen }: ToolRowProps) {
  const { t } = useTranslation();
  const { choice, selection } = state;
  const tools = (isStaff ? TEACHER_TOOLS : STUDENT_TOOLS).filter((tool) => !SHAPES.includes(tool));
  const choose = (tool: DrawingTool): void => {
    session.choose((before) => ({ ...before, tool }));
    onChosen();
    if (tool === "formula") onFormula();
  };
  const shape = SHAPES.find((one) => one === choice.tool) ?? "line";
  const button = (tool: DrawingTool): ReactNode => (
    <ToolButton
      key={tool}
      icon={TOOL_ICONS[tool]}
      label={t(`drawing.tool.${tool}`)}
      isChosen={choice.tool === tool}
      onPress={() => choose(tool)}
    />
  );
  return (
    <div className="tool-row" role="toolbar" aria-label={t("drawing.tools")}>
      <div className="tool-group">
        {tools.slice(0, 3).map(button)}
        <Popup
          className="tool-popup"
          label={t("drawing.shapes")}
          buttonClass={SHAPES.includes(choice.tool) ? "tool-button chosen" : "tool-button"}
          face={<ToolFace icon={TOOL_ICONS[shape]} label={t("drawing.shapes")} />}
        >
          <div className="tool-choices" data-closes="">
            {SHAPES.map(button)}
          </div>
        </Popup>
        {tools.slice(3).map(button)}
      </div>
      <ColorAndThickness session={session} state={state} />
      <div className="tool-group tool-actions">
        {selection.length > 0 ? (
          <ToolButton
            icon={TRASH_ICON}
            label={t("drawing.deleteSelected")}
            onPress={() => {
              session.act(listed("d", selection));
              session.select([]);
            }}
          />
        ) : null}
        <ToolButton icon={UNDO_ICON} label={t("drawing.undo")} isDisabled={!state.canUndo} onPress={() => session.undo()} />
        <ToolButton icon={REDO_ICON} label={t("drawing.redo")} isDisabled={!state.canRedo} onPress={() => session.redo()} />
        {isStaff ? (
          <>
            <ToolButton icon={ZOOM_IN_ICON} label={t("drawing.zoomIn")} onPress={() => zoom(ZOOM_STEP)} />
            {isEnlarged ? (
              <>
                <ToolButton icon={ZOOM_OUT_ICON} label={t("drawing.zoomOut")} onPress={() => zoom(1 / ZOOM_STEP)} />
                <ToolButton icon={SHRINK_ICON} label={t("drawing.wholePage")} onPress={() => zoom(0)} />
              </>
            ) : null}
            <ToolButton icon={TRASH_ICON} label={t("drawing.clear")} onPress={() => session.act([["x"]])} />
          </>
        ) : null}
      </div>
      <Refusal session={session} state={state} />
    </div>
  );
}

type ToolButtonProps = {
  readonly icon: IconDrawing;
  readonly label: string;
  readonly onPress: () => void;
  readonly isChosen?: boolean;
  readonly isDisabled?: boolean;
};

function ToolButton({ icon, label, onPress, isChosen, isDisabled = false }: ToolButtonProps) {
  return (
    <button
      type="button"
      className={isChosen ? "tool-button chosen" : "tool-button"}
      title={label}
      disabled={isDisabled}
      onClick={onPress}
      {...(isChosen === undefined ? {} : { "aria-pressed": isChosen })}
    >
      <ToolFace icon={icon} label={label} />
    </button>
  );
}

function ToolFace({ icon, label }: { readonly icon: IconDrawing; readonly label: string }) {
  return (
    <>
      <Icon drawing={icon} />
      <span>{label}</span>
    </>
  );
}

/** What belongs to the chosen tool. */
function ColorAndThickness({ session, state: { choice } }: Pick<ToolRowProps, "session" | "state">) {
  const { t } = useTranslation();
  const [color, thickness] = [colorOf(choice), thicknessOf(choice)];
  return (
    <>
      {hasColor(choice.tool) ? (
        <fieldset className="tool-group tool-colors">
          <legend className="unseen">{t("drawing.colors")}</legend>
          {COLORS.map((one) => (
            <button
              key={one}
              type="button"
              className="color-button"
              aria-pressed={one === color}
              aria-label={t(`drawing.color.${one}`)}
              title={t(`drawing.color.${one}`)}
              onClick={() => session.recolor(one, withColor)}
            >
              <span style={{ background: PALETTE[one] }} />
            </button>
          ))}
        </fieldset>
      ) : null}
      {hasThickness(choice.tool) ? (
        <fieldset className="tool-group tool-thicknesses">
          <legend className="unseen">{t("drawing.thickness")}</legend>
          {THICKNESSES.map((one) => (
            <button
              key={one}
              type="button"
              className={`thickness-button ${one}`}
              aria-pressed={one === thickness}
              aria-label={t(`drawing.thicknesses.${one}`)}
              title={t(`drawing.thicknesses.${one}`)}
              onClick={() => session.choose((before) => withThickness(before, one))}
            >
              <span />
            </button>
          ))}
        </fieldset>
      ) : null}
    </>
  );
}

const KNOWN = ["board-full", "refused-by-rule", "not-found"] as const;

function Refusal({ session, state: { refusal } }: Pick<ToolRowProps, "session" | "state">) {
  const { t } = useTranslation();
  const known = KNOWN.find((code) => code === refusal?.code);
  return (
    <div className="tool-refusal" role="alert">
      {refusal ? (
        <p>
          {known ? t(`drawing.refused.${known}`) : (refusal.detail ?? t("drawing.refused.other"))}{" "}
          <button type="button" className="button small" onClick={() => session.dismissRefusal()}>
            {t("drawing.dismiss")}
          </button>
        </p>
      ) : null}
    </div>
  );
}
