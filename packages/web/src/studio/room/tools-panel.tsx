/** Shows the tools of a lesson, each used by one press: a timer, a student at random, ready-made polls, groups, stars, the order of speakers, dice. */
import { DiceTool } from "./dice-tool.tsx";
import { GroupTool } from "./group-tool.tsx";
import { OrderTool } from "./order-tool.tsx";
import { PickTool } from "./pick-tool.tsx";
import { PollTool } from "./poll-tool.tsx";
import { StarTool } from "./star-tool.tsx";
import { TimerTool } from "./timer-tool.tsx";
import "./tools.css";

export function ToolsPanel() {
  return (
    <div className="panel-scroll tools-panel">
      <TimerTool />
      <PickTool />
      <PollTool />
      <GroupTool />
      <OrderTool />
      <DiceTool />
      <StarTool />
    </div>
  );
}
