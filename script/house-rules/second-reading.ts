/** Lists words that stood for several things, or that no one in the field would say, with the names that took their places. */

export const SECOND_READING: readonly (readonly [RegExp, string])[] = [
  [/\b(?!in)[a-z]*deeds?\b|(?<=[a-z])Deeds?(?![a-z])|\bDeeds?(?![a-z])/g, "action, ActionQueue"],
  [
    /\bHeld(?:Requests?|Frames|Address|Page|Unit|QrCode)\b|\bheld-(?:requests|frames|address|columns)\.tsx?\b/g,
    "retained, blocking requests, pending, blocked address",
  ],
  [
    /\b(?:ToldAlarm|toldAlarms|toldProblems?|mayBeTold|toldAt|isTold|toldAs|toldVersion)\b|\btold-problems\b/g,
    "notified, reported",
  ],
  [/\bAsked\b(?=[<;,>\])[])|\baskedAt\b|\b[A-Z][a-z]+Ask\b|\basked(?:-b|B)ack-?[eE]nd\b/g, "requested, …Request"],
  [
    /\b[a-zA-Z]+Mistakes?\b|\btype Mistakes?\b|\bmistakesOf\b|\b(?:field|form|file|import)-mistakes?\.ts\b/g,
    "ValidationError, …Error",
  ],
  [/\bFilm[A-Z]\w*|\bmakeFilm\b|\bfilm-(?:arguments|board|file|frames|log|order|routes|size|thread|timeline)\b/g, "board video"],
  [/\bWatcher(?:Context|Tables?)\b|\b(?:is|new|may|admit)Watcher\b|\bwatcher-(?:deeds|tables|actions)\b/g, "observers"],
  [/\bwet[- ]ink\b|\bWetInk\b|\bWetStrokes?\b|\bsettled-items\b|\bSettledItems\b/gi, "live strokes, committed items"],
  [
    /\bcomments (?:on|over) the video\b|\bDANMAKU\b|\bdanmaku(?:Domain|PerSecond)\b|\buseBullets\b|\bBulletSettings\b/g,
    "bullet comments",
  ],
  [/\bwhenCalm\b|\bisCalm\b|\bschedule\/calm\b/g, "defer while drawing"],
  [/\bisTwoWay\b|\bTWO_WAY\w*|\btwo-way\b/gi, "small-lesson mode"],
  [
    /\bClientPlace\b|\b(?:load)?AddressPlaces\b|\bPlacesConfig\b|\bplatform\/places\b|\bJobPlaces\b|\bSessionPlace\b|\bmark-places\b/g,
    "geoip, AddressLocation, slots, positions",
  ],
  [
    /\bPicture(?:Input|Graph|Tracks?|Order|Checks?|Limits|Encoder|Settings|Content|Figures|Problem|Recording|Format)\b|\bLessonPicture\b|\blibrary\/pictures\b/g,
    "video, image, composite recording, thumbnail check",
  ],
  [
    /\bMeasures?InForce\b|\bMeasureSharing\b|\bMeasureMessages\b|\blessonMeasures\b|\bmeasure-sharing\b|\bmeasures-in-force\b/g,
    "countermeasures, metrics",
  ],
  [/\bSignTally\b|\bAddressSigns\b|\bSignMessages\b|\bsigns of abuse\b|\bsign-tally\b/gi, "abuse signals"],
  [/\bformRung\b|\bisFormUseful\b|\bLADDER_FORMS\b|\bserved-form\b|\btranscode\/forms\b/g, "rendition"],
  [
    /\b(?:class|new) (?:Rounds|Pacer)\b|\bSrtLine\b|\bRtpLine\b|\bopenViews\b|\b(?:operations|contracts|insight)\/views\b/g,
    "a name of its own for each; playback sessions",
  ],
  [/\b(?:USUAL|MANY)_[A-Z_]+\b|\b(?:USUAL|MANY|ANYWHERE|NOWHERE)\b/g, "what is meant"],
  [/\btype (?:Found|Shown|Got|Begun|Asked|Held|Told)\b/g, "of what"],
  [
    /\bMark(?:Facts|Style|Layer|Text)\b|\bmarkSubtitles\b|\bpersonMark\b|\bdoctor-mark\b|\bmark-(?:faults|layer|subtitles)\b/g,
    "watermark",
  ],
  [/\b(?:earn|with|sign|has|needs)Clearance\b|\bclearance(?:Cookie|Of|Ms)\b|\bearn-clearance\b/g, "proof of work"],
  [/\bWhy(?:Context|Lab|Strips)\b|\b(?:Lesson|View)Why\b|\bwhy(?:Shape|Routes|Text)\b/g, "diagnosis"],
  [
    /\b(?:read|sweep|load|use)Series\b|\bSeries(?:Task|Plots|Context|Tables)\b|(?<![\w-])series-(?:store|task|tables|plots)\b/g,
    "metrics history",
  ],
  [/\bspaceService\b|\breportSpace\b|\bSpaceAlarm\b/g, "storage usage"],
  [/\bwebhooks\.private\b|\b(?:operators|protection|sources)\.allow\b(?!ed)/g, "allowPrivateNetworks, allowedNetworks"],
  [/\bcalm\b|\bCALM(?:_[A-Z]+)?\b/gi, "stable, quiet, relieved, baseline"],
  [/\bwet\b/gi, "live strokes"],
  [/\b(?:isNoRoom|makeRoom|roomFor)\b/g, "isDiskFull, freeStorage, entriesLeft: a room is the class's"],
  [/\b(?:ShedPlace|shedPlaceOf|RoomPlace|withPlaces)\b/g, "ShedScope, locations"],
  [
    /\b(?:[aA]skedQuestion|Asked(?:Act|Row|Of)|asked(?:Notice|Screen|System|Lesson|From|To|Of|Ms)|onAsked)\b/g,
    "QuestionDraft, RequestedAct, requested…, onDecided",
  ],
  [/\b(?:TakenAnswer|takeAway|(?:retryIf|raise|note)Taken)\b/g, "AnswerToMark, remove, retryOnConflict, raiseConflict"],
  [/\b(?:heldByOwner|onHeld|heldOf|heldFindings|(?:max)?[hH]eldBytes|HeldAnswer)\b/g, "blocked, stalled, pinned"],
  [/\bcaptionsAtOnce\b/g, "maxCaptions"],
  [/\b(?:keepForm|isFormAwaited)\b/g, "keepRendition, isRenditionAwaited"],
  [
    /\b(?:load|had|show|send|cut|encode|take|give|begin|continue|ticksPer)Picture\b|\bdropPictures\b|\bisPictureNew\b/g,
    "frame, video",
  ],
];
