/** What the API takes and gives. Made by `make.ts` from the server's routes; change those, not this. */

export interface paths {
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with a login and a password */
        post: operations["signIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Sign out: ends the session of this request */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the account of this request */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List where the own account is signed in, the last used first */
        get: operations["listMySessions"];
        put?: never;
        post?: never;
        /** End all sessions of the own account but the one of this request */
        delete: operations["endMyOtherSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a session of the own account */
        delete: operations["endMySession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{userId}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List where a person is signed in */
        get: operations["listUserSessions"];
        put?: never;
        post?: never;
        /** Sign a person out everywhere */
        delete: operations["endUserSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change the own password; all other sessions end */
        put: operations["changeMyPassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{userId}/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a link with which a person sets a password, to print or to send */
        post: operations["createPasswordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/password-resets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Request a reset link by mail; the answer does not reveal whether the person exists */
        post: operations["requestPasswordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/password-resets/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set a password with the token of a reset link; it works once */
        post: operations["usePasswordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Prove again who you are, with the password or a code: the own account can then be changed for ten minutes */
        post: operations["proveMyself"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get whether the own account has a second factor */
        get: operations["getMySecondFactor"];
        /** Turn the second factor on with a first code; all other sessions end */
        put: operations["confirmMySecondFactor"];
        /** Create the secret for an authenticator app; a first code turns the second factor on */
        post: operations["beginMySecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/second-factor/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create new recovery codes; earlier ones stop working */
        post: operations["renewRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/second-factor/off": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turn the second factor off, unless the school requires it */
        post: operations["turnOffMySecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{userId}/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove the second factor of a person who has lost it, and sign the person out */
        delete: operations["removeSecondFactor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-on": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the providers with which people of a school can sign in */
        get: operations["listSignOn"];
        put?: never;
        /** Begin to sign in with a provider: the answer says where the browser goes */
        post: operations["beginSignOn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-on/response": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with the response of a provider; the session goes to a cookie */
        post: operations["finishSignOn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the providers that are linked to the own account, and those that can be */
        get: operations["listMyIdentities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/identities/{identityId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a linked provider from the own account, unless it is the last way to sign in; other sessions that it opened end */
        delete: operations["unlinkIdentity"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List a school's providers of single sign-on, without their secrets */
        get: operations["listProviders"];
        put?: never;
        /** Add a provider of single sign-on */
        post: operations["createProvider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers/{providerId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a provider; the sessions that it opened end, accounts stay */
        delete: operations["deleteProvider"];
        options?: never;
        head?: never;
        /** Change a provider; disabling it ends the sessions that it opened */
        patch: operations["changeProvider"];
        trace?: never;
    };
    "/api/v1/providers/{providerId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check that the server reaches a provider and understands its description */
        post: operations["testProvider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lti/platforms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List a school's learning platforms */
        get: operations["listLtiPlatforms"];
        put?: never;
        /** Register a learning platform */
        post: operations["createLtiPlatform"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lti/platforms/{platformId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a learning platform; the sessions that it opened end, accounts, courses and lessons stay */
        delete: operations["deleteLtiPlatform"];
        options?: never;
        head?: never;
        /** Change a learning platform; disabling it ends the sessions that it opened */
        patch: operations["changeLtiPlatform"];
        trace?: never;
    };
    "/api/v1/lti/platforms/{platformId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check that the server reaches the platform's keys */
        post: operations["testLtiPlatform"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lti/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the public keys of this tool (JWKS), with which platforms verify its signatures */
        get: operations["getLtiKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lti/tool": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the addresses to enter at a learning platform */
        get: operations["getLtiTool"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lti/logins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a launch: the answer says where the browser goes to prove who the person is */
        post: operations["beginLaunch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lti/launches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open what a launch of a learning platform names, and begin the person's session */
        post: operations["finishLaunch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lti/windows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a session in a window of its own, for the person of a launch in a frame; the session goes to a cookie */
        post: operations["moveSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lti/deep-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Choose what a link of a learning platform opens: a lesson or a recording of the course, or a new lesson */
        post: operations["answerDeepLinking"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List schools: all for operators, else the own school */
        get: operations["listSchools"];
        put?: never;
        /** Create a school */
        post: operations["createSchool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schools/{schoolId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a school */
        get: operations["getSchool"];
        put?: never;
        post?: never;
        /** Delete an archived school for good, with its people, lessons, recordings and files, in the background */
        delete: operations["deleteSchool"];
        options?: never;
        head?: never;
        /** Change a school */
        patch: operations["changeSchool"];
        trace?: never;
    };
    "/api/v1/schools/{schoolId}/space": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get how much space a school's recordings take */
        get: operations["getSpace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List people of a school, by name or role */
        get: operations["listUsers"];
        put?: never;
        /** Create a person */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a person */
        get: operations["getUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change a person, set a password, or disable the account */
        patch: operations["changeUser"];
        trace?: never;
    };
    "/api/v1/users/external/{externalId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Create or change a person by its id in the school's own system */
        put: operations["upsertUser"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create or change up to 500 objects, each a person, by their ids in the school's own system */
        post: operations["upsertUsers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/courses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List courses: all of the school for its staff, else the own courses */
        get: operations["listCourses"];
        put?: never;
        /** Create a course */
        post: operations["createCourse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/courses/{courseId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a course */
        get: operations["getCourse"];
        put?: never;
        post?: never;
        /** Delete a course; refused while it has lessons */
        delete: operations["deleteCourse"];
        options?: never;
        head?: never;
        /** Change a course */
        patch: operations["changeCourse"];
        trace?: never;
    };
    "/api/v1/courses/{courseId}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List members of a course */
        get: operations["listMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/courses/{courseId}/members/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Add a person to a course, or change their role in it */
        put: operations["putMember"];
        post?: never;
        /** Remove a person from a course */
        delete: operations["deleteMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/courses/external/{externalId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Create or change a course and its members by its id in the school's own system */
        put: operations["upsertCourse"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/courses/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create or change up to 500 objects, each a course and its members, by their ids in the school's own system */
        post: operations["upsertCourses"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List lessons that the account may see, by time, state, course or teacher */
        get: operations["listLessons"];
        put?: never;
        /** Create a lesson with its own stream, publish key and join code */
        post: operations["createLesson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a lesson */
        get: operations["getLesson"];
        put?: never;
        post?: never;
        /** Move a lesson to the bin for 30 days; refused while it is live */
        delete: operations["deleteLesson"];
        options?: never;
        head?: never;
        /** Change a lesson */
        patch: operations["changeLesson"];
        trace?: never;
    };
    "/api/v1/lessons/external/{externalId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Create or change a lesson by its id in the school's own system */
        put: operations["upsertLesson"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create or change up to 500 objects, each a lesson, by their ids in the school's own system */
        post: operations["upsertLessons"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a lesson from the bin */
        post: operations["restoreLesson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a lesson by hand, whether or not its stream is live */
        post: operations["startLesson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a lesson: disconnects its publisher and viewers; nobody can publish to it until it is started by hand */
        post: operations["endLesson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/rotate-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replace the publish key: the old key stops working immediately, and a publisher with it is disconnected */
        post: operations["rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/rotate-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replace the join code: new guests need the new one; guests who are inside stay */
        post: operations["rotateCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the invitation behind a join code, before joining */
        get: operations["getInvitation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Join a lesson, or renew its links: as a member of the school, or as a guest with the code */
        post: operations["joinLesson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/trouble": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Report a playback problem; the answer has a trace code by which the operator finds the report in the log */
        post: operations["reportTrouble"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/reports/tamper": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Report that the own watermark was removed, hidden or covered; the report is in the audit log as `watermark.tamper` */
        post: operations["reportTamper"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List participants of a lesson */
        get: operations["listParticipants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/participants/{participantId}/admit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a guest in from the waiting room */
        post: operations["admitParticipant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/participants/{participantId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove another participant: their links and sessions stop working, and playback stops immediately */
        delete: operations["removeParticipant"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/participants/{participantId}/readmit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo the removal of a participant, who may join again */
        post: operations["readmitParticipant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/invited": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List people who are invited to a lesson */
        get: operations["listInvited"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/invited/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Invite a person of the school to a lesson */
        put: operations["invite"];
        post?: never;
        /** Take back an invitation; a person who watches is disconnected */
        delete: operations["uninvite"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/room": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get what a lesson's room is like now: settings, people, the open quiz */
        get: operations["getRoom"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/room/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what was said in a room, as far as the requester may see it: the last entries, or those before or after a place */
        get: operations["listRoomEntries"];
        put?: never;
        /** Do something in a room: write, ask, answer, open a quiz. Answered once it is stored */
        post: operations["createRoomEntry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/room/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export what was said in a room, as CSV for spreadsheets; no cell is a formula */
        get: operations["exportRoom"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/room/held": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List texts that wait until staff approve or refuse them; oldest first */
        get: operations["listHeldTexts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/word-lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List word lists, without their words */
        get: operations["listWordLists"];
        put?: never;
        /** Create a word list; all lists of a school together have at most 20 000 words */
        post: operations["createWordList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/word-lists/{wordListId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a word list with its words */
        get: operations["getWordList"];
        put?: never;
        post?: never;
        /** Delete a word list */
        delete: operations["deleteWordList"];
        options?: never;
        head?: never;
        /** Change a word list; rooms check by the new words within a second */
        patch: operations["changeWordList"];
        trace?: never;
    };
    "/api/v1/content-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List content checks */
        get: operations["listContentChecks"];
        put?: never;
        /** Create a content check: texts wait until its URL has answered */
        post: operations["createContentCheck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/content-checks/{contentCheckId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a content check */
        get: operations["getContentCheck"];
        put?: never;
        post?: never;
        /** Delete a content check; texts that wait for it go to staff of their lessons */
        delete: operations["deleteContentCheck"];
        options?: never;
        head?: never;
        /** Change a content check */
        patch: operations["changeContentCheck"];
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/room/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List who is in the room of a lesson now, by name; or, with `since`, what has changed */
        get: operations["listRoomPeople"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/attendance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List when each participant of a lesson was in the room, who signed in, and who of the course did not come */
        get: operations["listAttendance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/attendance/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export the attendance of a lesson as CSV for spreadsheets, with a column for each sign-in; no cell is a formula */
        get: operations["exportLessonAttendance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/signins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the sign-ins that staff have called in a lesson, with how many signed; listAttendance has who */
        get: operations["listSignins"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/watchers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List parents and inspectors who may watch a lesson, and whether they did */
        get: operations["listWatchers"];
        put?: never;
        /** Invite a parent or an inspector to watch a lesson for a time; the answer has the link */
        post: operations["createWatcher"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/watchers/{watcherId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take back a watcher's link; one who watches is disconnected */
        delete: operations["revokeWatcher"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/watch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open the lesson of a watcher's link, or renew its links */
        post: operations["watch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{userId}/guardians": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the guardians of a student */
        get: operations["listGuardians"];
        put?: never;
        /** Add a guardian of a student, who is told of absences and check-ins */
        post: operations["addGuardian"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{userId}/guardians/{guardianId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a guardian of a student */
        delete: operations["removeGuardian"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/check-in-forms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the forms of the daily check-in; students see those that are enabled */
        get: operations["listCheckInForms"];
        put?: never;
        /** Create a form of the daily check-in, with fields of the school's own */
        post: operations["createCheckInForm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/check-in-forms/{formId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a form of the daily check-in, with all answers */
        delete: operations["deleteCheckInForm"];
        options?: never;
        head?: never;
        /** Change a form of the daily check-in; earlier answers stay as they are */
        patch: operations["changeCheckInForm"];
        trace?: never;
    };
    "/api/v1/check-in-forms/{formId}/mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get what the person has answered today */
        get: operations["getMyCheckIn"];
        /** Check in for today, or change today's answers; guardians are told once */
        put: operations["putMyCheckIn"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/check-in-forms/{formId}/check-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the answers to a form on one day */
        get: operations["listCheckIns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/check-in-forms/{formId}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export the answers to a form as CSV, of some days */
        get: operations["exportCheckIns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/quizzes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the quizzes of a lesson, with the counts of the answers */
        get: operations["listQuizzes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/quizzes/{quizId}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List who answered what to a quiz; of an anonymous quiz, nobody */
        get: operations["listQuizAnswers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/quizzes/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export the answers of a lesson as CSV: a row for each person, a column for each quiz that is not anonymous */
        get: operations["exportQuizzes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quiz-bank": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the questions of the bank */
        get: operations["listQuizBank"];
        put?: never;
        /** Add a question to the bank */
        post: operations["createQuizBankItem"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quiz-bank/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Import questions from CSV: all, or none where a line has a mistake; questions that are there already are left as they are */
        post: operations["importQuizBank"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quiz-bank/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export questions of the bank as CSV, as they are imported */
        get: operations["exportQuizBank"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quiz-bank/{itemId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a question of the bank */
        get: operations["getQuizBankItem"];
        put?: never;
        post?: never;
        /** Delete a question of the bank; quizzes that were opened from it stay */
        delete: operations["deleteQuizBankItem"];
        options?: never;
        head?: never;
        /** Change a question of the bank; quizzes that were opened from it stay as they are */
        patch: operations["changeQuizBankItem"];
        trace?: never;
    };
    "/api/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List sources with their states: all of the school for administrators, those of the own lessons for teachers */
        get: operations["listSources"];
        put?: never;
        /** Create a source: a channel that is pulled from other servers or cameras */
        post: operations["createSource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{sourceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a source with its state */
        get: operations["getSource"];
        put?: never;
        post?: never;
        /** Delete a source; its stream ends */
        delete: operations["deleteSource"];
        options?: never;
        head?: never;
        /** Change a source; an address that is sent back as it was shown keeps its secret */
        patch: operations["changeSource"];
        trace?: never;
    };
    "/api/v1/forwards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the forwards of all lessons of a school, with their states */
        get: operations["listForwards"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/forwards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the forwards of a lesson, with their states */
        get: operations["listLessonForwards"];
        put?: never;
        /** Send a lesson's stream on to another service while it is live; at most five services */
        post: operations["createForward"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/forwards/{forwardId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a forward with its state */
        get: operations["getForward"];
        put?: never;
        post?: never;
        /** Delete a forward; the stream is not sent there any more */
        delete: operations["deleteForward"];
        options?: never;
        head?: never;
        /** Change a forward; an address that is sent back as it was shown keeps its key */
        patch: operations["changeForward"];
        trace?: never;
    };
    "/api/v1/ladders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what schools, courses and lessons can have as their ladder: the presets, and the school's own */
        get: operations["listLadders"];
        put?: never;
        /** Create a ladder of a school */
        post: operations["createLadder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ladders/{ladderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a ladder of a school */
        get: operations["getLadder"];
        put?: never;
        post?: never;
        /** Delete a ladder of a school; refused while the school, a course, or a lesson that is not over has it */
        delete: operations["deleteLadder"];
        options?: never;
        head?: never;
        /** Change a ladder of a school; lessons that are live with it get the new rungs */
        patch: operations["changeLadder"];
        trace?: never;
    };
    "/api/v1/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List policies: all of the school for administrators, those of what they see for teachers */
        get: operations["listPolicies"];
        put?: never;
        /** Create the policy of a school, course, lesson or recording; for operators also of the installation and of a stream */
        post: operations["createPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/effective": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the rules that hold for a target, with those of everything that it belongs to, and what replaces which */
        get: operations["getEffectivePolicy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Explain what would be decided on a request, by which rule, and where that rule comes from */
        post: operations["explainAccess"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/refusals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count what was refused, by the minute for up to three hours, else by the hour; of the last 24 hours by default */
        get: operations["countRefusals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/refused-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List requests that were refused in the last seven days, newest first; of many in one second, some */
        get: operations["listRefusedRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/{policyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a policy */
        get: operations["getPolicy"];
        put?: never;
        post?: never;
        /** Delete a policy */
        delete: operations["deletePolicy"];
        options?: never;
        head?: never;
        /** Replace the rules of a policy */
        patch: operations["changePolicy"];
        trace?: never;
    };
    "/api/v1/address-lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List address lists with their states, without their entries */
        get: operations["listAddressLists"];
        put?: never;
        /** Create an address list; its entries are uploaded, or come from a URL, or for operators from a file */
        post: operations["createAddressList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/address-lists/{listId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an address list with its state, without its entries */
        get: operations["getAddressList"];
        put?: never;
        post?: never;
        /** Delete an address list; refused while a policy or an exemption names it */
        delete: operations["deleteAddressList"];
        options?: never;
        head?: never;
        /** Change an address list; a URL that is sent back as it was shown keeps its secrets */
        patch: operations["changeAddressList"];
        trace?: never;
    };
    "/api/v1/address-lists/{listId}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get all entries of an address list as a text: as they were uploaded, or the ranges of what was fetched */
        get: operations["getAddressListEntries"];
        /** Replace all entries of an address list by a text with one in each line */
        put: operations["putAddressListEntries"];
        /** Add entries to an address list, and remove others; at most 1000 of each */
        post: operations["changeAddressListEntries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/link-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the keys of links that other systems sign, without their secrets */
        get: operations["listLinkKeys"];
        put?: never;
        /** Create a link key: with the secret that another system signs with, or with a new one; of the school, or for operators of the installation */
        post: operations["createLinkKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/link-keys/{linkKeyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a link key, without its secret */
        get: operations["getLinkKey"];
        put?: never;
        post?: never;
        /** Delete a link key: its links are not valid any more; refused while a policy names it */
        delete: operations["deleteLinkKey"];
        options?: never;
        head?: never;
        /** Rename a link key, or change how long its links go on; another secret is another key */
        patch: operations["changeLinkKey"];
        trace?: never;
    };
    "/api/v1/protection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the addresses that the service protects itself from, on all nodes, and why */
        get: operations["getProtection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/protection/releases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the measures against an address on all nodes, and take none for a while */
        post: operations["releaseAddress"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/protection/exemptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the addresses that no measure is taken against */
        get: operations["listExemptions"];
        put?: never;
        /** Take no measures against an address, a network, or the addresses of a list of the installation */
        post: operations["createExemption"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/protection/exemptions/{exemptionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove an exemption: measures can be taken again */
        delete: operations["deleteExemption"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List recordings that the account may see, oldest first */
        get: operations["listRecordings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{recordingId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a recording */
        get: operations["getRecording"];
        put?: never;
        post?: never;
        /** Move a recording to the bin for 30 days, where nobody can watch it */
        delete: operations["deleteRecording"];
        options?: never;
        head?: never;
        /** Change a recording: title, publication and chapters */
        patch: operations["changeRecording"];
        trace?: never;
    };
    "/api/v1/recordings/{recordingId}/prefetch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Prefetch the beginning of a recording, before many people watch it at the same time */
        post: operations["prefetchRecording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{recordingId}/clip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cut a clip into a new recording: from the key frame before `from` to the end of the segment that contains `to` */
        post: operations["clipRecording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{recordingId}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a recording from the bin */
        post: operations["restoreRecording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{recordingId}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create links that open a recording: for accounts that may see it, and for guests with the lesson's code */
        post: operations["linkRecording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{recordingId}/place": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Save the playback position, for all devices of the account */
        put: operations["notePlace"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{code}/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List published recordings of a lesson, for guests with its code */
        get: operations["listReplays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{recordingId}/downloads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Order a file of a recording. Under a watermark, it is made with the mark of the person who asks; ask for it until it is done */
        post: operations["orderDownload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{recordingId}/downloads/{downloadId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get how far a download is, and its address when it is done. One that nobody asks for in two minutes is given up */
        get: operations["getDownload"];
        put?: never;
        post?: never;
        /** Cancel a download, or delete its file */
        delete: operations["cancelDownload"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/record": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start or stop recording a live lesson by hand */
        post: operations["recordLesson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Import people: login,name,role,email,password,course; people who are there already are left as they are */
        post: operations["importPeople"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/timetable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Import lessons: date,start,end,title,course,teacher,mode,guests,capacity, in the school's time zone; lessons that are there already are left as they are */
        post: operations["importTimetable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/oneroster/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Import users.csv of OneRoster 1.1 or 1.2: people are created or changed by their sourcedId */
        post: operations["importOneRosterUsers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/oneroster/classes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Import classes.csv of OneRoster: courses are created or changed by their sourcedId */
        post: operations["importOneRosterClasses"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/oneroster/enrollments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Import enrollments.csv of OneRoster: people are put into courses, and taken out where the status is tobedeleted */
        post: operations["importOneRosterEnrollments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{importId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the progress of an import, and the errors of its lines */
        get: operations["getImport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List webhooks of a school, or of the platform */
        get: operations["listWebhooks"];
        put?: never;
        /** Create a webhook: events are posted to its URL */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a webhook */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /** Delete a webhook and its pending deliveries */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /** Change a webhook */
        patch: operations["changeWebhook"];
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replace the signing secret of a webhook; for some time, deliveries are signed with both */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List deliveries: sent, pending, and dead letters; newest last */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a delivery again, whether it was delivered or is a dead letter; ends the webhook's pause */
        post: operations["replayDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List API keys, without their secrets */
        get: operations["listApiKeys"];
        put?: never;
        /** Create an API key; only this answer contains its secret */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{keyId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replace the secret of an API key; the old one works for some time, and only this answer contains the new one */
        post: operations["rotateApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete an API key; it stops working immediately */
        delete: operations["deleteApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List audit entries: who changed what, when and from where; newest first */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export the audit log, oldest first, as JSON */
        get: operations["exportAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/audit.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export the audit log, oldest first, as CSV for spreadsheets; no cell is a formula */
        get: operations["exportAuditCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export who joined lessons, as JSON */
        get: operations["exportParticipants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/participants.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export who joined lessons, as CSV for spreadsheets; no cell is a formula */
        get: operations["exportParticipantsCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/attendance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export who was expected in lessons and who came, as JSON */
        get: operations["exportAttendance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/attendance.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export who was expected in lessons and who came, as CSV for spreadsheets; no cell is a formula */
        get: operations["exportAttendanceCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{userId}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get everything stored about a person, in one document: for administrators, and for the person */
        get: operations["getPersonArchive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{userId}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Erase a person for good: the name becomes "removed person"; recordings, attendance and counts stay */
        post: operations["eraseUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/participants/{participantId}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Erase the name of a guest in a lesson for good; the guest still counts */
        post: operations["eraseParticipant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create the URL of the own timetable for calendar programs; the previous URL stops working */
        post: operations["createMyCalendar"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars/{secret}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a person's lessons as iCalendar (RFC 5545) */
        get: operations["getCalendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List alarms, newest first; administrators see those of their school */
        get: operations["listAlarms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a challenge: work that a browser does unseen where the server answers challenge-required */
        get: operations["getChallenge"];
        put?: never;
        /** Show the solution of a challenge; the answer sets a cookie, the clearance of this address for an hour */
        post: operations["solveChallenge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/streams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Live streams: all for an operator, those of the school's lessons for its administrators */
        get: operations["listStreams"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lessons/{lessonId}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The state of a lesson's stream, for its staff; null without a publisher */
        get: operations["getLessonStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/streams/{app}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a stream at once: disconnects its publisher and viewers */
        delete: operations["endStream"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/streams/{app}/{name}/record": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start or stop recording a stream manually, from its next key frame on */
        post: operations["recordStream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Jobs of the nodes: ladders, sources and forwards; all for an operator, those of the school for its administrators */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The nodes of the cluster and their state; the node that answers comes first */
        get: operations["listNodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes/{nodeId}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Drain a node: it admits no new clients, and moves the others to other nodes */
        post: operations["drainNode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes/{nodeId}/undrain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the drain of a node */
        post: operations["undrainNode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/streams/{app}/{name}/prefetch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have nodes fetch a stream before its first viewer */
        post: operations["prefetchStream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dispatch/play": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The best nodes to watch a stream at, the best first; the others are for failover */
        get: operations["dispatchPlay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dispatch/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The best nodes to publish a stream at */
        get: operations["dispatchPublish"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description RFC 9457. `code` is stable: docs/errors.md lists all of them. */
        Problem: {
            type: string;
            title: string;
            status: number;
            /**
             * @description New codes may be added; treat an unknown one by its status.
             * @enum {string}
             */
            code: "bad-challenge" | "bad-credential" | "bad-key" | "bad-request" | "bad-signature" | "callback-failed" | "challenge-required" | "closed" | "conflict" | "consent-needed" | "control-away" | "cross-site-request" | "database-away" | "disk-full" | "draining" | "full" | "guests-not-allowed" | "internal-error" | "launch-failed" | "lesson-ended" | "lesson-full" | "lesson-locked" | "lesson-not-ready" | "link-expired" | "muted" | "no-such-lesson" | "no-such-recording" | "no-such-stream" | "not-found" | "not-in-hls" | "not-in-mp4" | "not-signed-in" | "not-yet" | "password-sign-in-off" | "precondition-failed" | "provider-away" | "publisher-present" | "quota-reached" | "recent-sign-in-needed" | "refused-by-callback" | "refused-by-rule" | "refused-words" | "removed-from-lesson" | "second-factor-missing" | "second-factor-required" | "sign-on-failed" | "storage-away" | "switched-off" | "too-large" | "too-many" | "too-slow" | "watching-not-yet" | "watching-over" | "wrong-code" | "wrong-password";
            detail: string;
            errors?: {
                path: string;
                message: string;
            }[];
        };
        Session: {
            /** @description The bearer token. Empty where the session is in a cookie, which scripts cannot read. */
            token: string;
            /**
             * Format: date-time
             * @description When the session ends unless it is used before.
             */
            expiresAt: string;
            user: components["schemas"]["User"];
        };
        User: {
            id: string;
            schoolId: string | null;
            login: string;
            name: string;
            /** @description For operators, administrators and teachers, and in the own account; null for others. */
            email: string | null;
            /** @enum {string} */
            role: "operator" | "administrator" | "teacher" | "assistant" | "student" | "supervisor";
            /** @description The person's id in the school's own system. */
            externalId: string | null;
            hasPassword: boolean;
            disabledAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        OpenSessions: {
            items: components["schemas"]["OpenSession"][];
        };
        OpenSession: {
            id: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            usedAt: string;
            /** @description The address that signed in. */
            ip: string;
            /** @description The browser or program, as it named itself. */
            agent: string;
            /** @description Whether it is the session of this request. */
            current: boolean;
        };
        PasswordReset: {
            url: string;
            token: string;
            hours: number;
            mailed: boolean;
        };
        Accepted: {
            accepted: boolean;
        };
        Proof: {
            /** @description How long the proof counts. */
            minutes: number;
        };
        SecondFactor: {
            on: boolean;
            /** @description Whether the school, or for operators the server, requires it of this person. */
            required: boolean;
            /** @description How many are left. */
            recoveryCodes: number;
        };
        SecondFactorSecret: {
            /** @description Base32. */
            secret: string;
            /** @description For a QR code: otpauth://… */
            uri: string;
        };
        RecoveryCodes: {
            /** @description Each works once, instead of a code. Shown only here. */
            recoveryCodes: string[];
        };
        SignOnChoice: {
            id: string;
            name: string;
            /** @description The school's name. */
            school: string;
        };
        SignOn: {
            url: string;
        };
        SignedOn: {
            user: components["schemas"]["User"];
            returnTo: string;
        };
        Identities: {
            items: components["schemas"]["Identity"][];
            /** @description Providers of the school that are not linked yet. */
            linkable: {
                id: string;
                name: string;
            }[];
            /** @description Whether the person can sign in with a password too. */
            hasPassword: boolean;
        };
        Identity: {
            id: string;
            issuer: string;
            /** @description The enabled provider of the school that signs the person in; null: there is none now. */
            providerId: string | null;
            /** @description The provider's name. */
            name: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        Provider: {
            id: string;
            schoolId: string;
            /** @description What people read on the button. */
            name: string;
            issuer: string;
            clientId: string;
            hasSecret: boolean;
            scopes: string;
            /** @description The claim with a person's roles, such as `groups`; a dot leads into an object. Empty: none. */
            roleClaim: string;
            roles: {
                [key: string]: string;
            };
            defaultRole: string | null;
            /** @description The claim with the names of a person's courses. Empty: claims change no memberships. */
            courseClaim: string;
            enabled: boolean;
            /** @description To register at the provider. */
            redirectUri: string;
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        ProviderTest: {
            issuer: string;
            authorizationEndpoint: string;
        };
        LtiPlatform: {
            id: string;
            schoolId: string;
            name: string;
            issuer: string;
            clientId: string;
            deploymentIds: string[];
            loginUrl: string;
            tokenUrl: string;
            keysUrl: string;
            origins: string[];
            grades: boolean;
            enabled: boolean;
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        LtiPlatformTest: {
            /** @description How many keys the platform has. */
            keys: number;
        };
        KeySet: {
            keys: {
                [key: string]: unknown;
            }[];
        };
        LtiTool: {
            /** @description Initiate login URL. */
            loginUrl: string;
            /** @description Tool URL, redirection URI and content selection URL. */
            launchUrl: string;
            /** @description Public keyset URL. */
            keysUrl: string;
        };
        LtiLogin: {
            /** @description Where the browser goes. */
            url: string;
            state: string;
            /** @description For the platform's storage, where a frame gets no cookies. */
            flow: string;
        };
        LtiLaunch: {
            /** @enum {string} */
            kind: "lesson" | "deep-linking";
            /** @enum {string} */
            role: "teacher" | "assistant" | "student" | "supervisor";
            /** @description Of the session; empty where it is in a cookie. */
            token: string;
            courseId: string;
            course: string;
            lesson: {
                id: string;
                title: string;
                code: string;
            } | null;
            recordingId: string | null;
            /** @description For deep linking: goes back with the choice. Otherwise empty. */
            ticket: string;
        };
        DeepLinkingAnswer: {
            returnUrl: string;
            /** @description For the field `JWT` of a form that is posted to `returnUrl`. */
            jwt: string;
        };
        School: {
            id: string;
            slug: string;
            name: string;
            timeZone: string;
            /** @description Whether new lessons admit people without an account. */
            guests: boolean;
            /** @description Networks that administrators may sign in from; empty: all. */
            adminNetworks?: string[];
            /** @description Recordings move to the bin after this many days; 0: as configured for the server. */
            keepDays?: number;
            /** @description The oldest recordings are deleted permanently when all take more than this; 0: never. */
            keepBytes?: number;
            /** @description Recording stops when all recordings take this much; 0: no limit. */
            quotaBytes?: number;
            /** @description Whether people can sign in with a password, besides the school's providers. */
            passwordSignIn?: boolean;
            /** @description Whether administrators, teachers and assistants need a second factor where they sign in with a password. */
            secondFactor?: boolean;
            /** @description Sessions end after so many minutes without use; 0: as configured for the server. */
            idleMinutes?: number;
            /** @description Audit entries are deleted after this many days; 0: never. */
            keepAuditDays?: number;
            /** @description Names of participants are erased this many days after the lesson; 0: never. */
            keepNamesDays?: number;
            /** @description What guests agree to before they join; empty: nothing. */
            guestConsent: string;
            /** @description A preset's name, or the id of a ladder of the school; null: as the course, then the school, then the server says. */
            ladder: string | null;
            /** @description demand: rungs are made while somebody watches one. publish: as long as the stream is live. Null: as for ladder. */
            ladderStart: ("demand" | "publish") | null;
            /** @description The school is being deleted, with everything of it. */
            deletingSince: string | null;
            archivedAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        Space: {
            /** @description Of all recordings, including those in the bin. */
            bytes: number;
            /** @description 0: no limit. */
            quotaBytes: number;
        };
        Upserted: {
            id: string;
            /** @enum {string} */
            result: "created" | "changed" | "unchanged";
        };
        BatchResult: {
            /** @description In the order of the items. Items beside a refused one are saved. */
            results: {
                externalId: string;
                id: string | null;
                /** @enum {string} */
                result: "created" | "changed" | "unchanged" | "refused";
                /** @description Why the item was refused: as the body of a refused request. */
                problem: {
                    status: number;
                    code: string;
                    detail: string;
                } | null;
            }[];
        };
        Course: {
            id: string;
            schoolId: string;
            name: string;
            description: string;
            externalId: string | null;
            /** @description A preset's name, or the id of a ladder of the school; null: as the course, then the school, then the server says. */
            ladder: string | null;
            /** @description demand: rungs are made while somebody watches one. publish: as long as the stream is live. Null: as for ladder. */
            ladderStart: ("demand" | "publish") | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        Member: {
            userId: string;
            login: string;
            name: string;
            /** @enum {string} */
            role: "teacher" | "assistant" | "student" | "supervisor";
        };
        Lesson: {
            id: string;
            schoolId: string;
            courseId: string | null;
            teacherId: string | null;
            title: string;
            /** @enum {string} */
            mode: "broadcast" | "interactive-large" | "interactive-small" | "one-to-one";
            /** @enum {string} */
            state: "scheduled" | "live" | "ended";
            startsAt: string | null;
            endsAt: string | null;
            startedAt: string | null;
            endedAt: string | null;
            /** @description A lesson that its publisher ended continues when the publisher returns. */
            endedBy: ("publisher" | "hand") | null;
            record: boolean;
            /** @description Whether people without an account may join with the code. */
            guests: boolean;
            /** @description Whether new guests are refused. People of the lesson and guests who are inside stay. */
            locked: boolean;
            /** @description Whether new guests wait until they are let in. */
            waitingRoom: boolean;
            /** @description Whether all students of the school may see and join it. Counts for a lesson without a course. */
            openToSchool: boolean;
            /** @description Maximum number of people at the same time; null: no limit. One place is kept for the teacher; members have theirs before guests. */
            capacity: number | null;
            /** @description For teachers of the lesson, and for everyone where guests may join. */
            code: string | null;
            joinUrl: string | null;
            /** @description Where to publish; for teachers of the lesson, and API keys with publish-keys:write. */
            stream: {
                app: string;
                name: string;
                publishKey: string;
                rtmpUrl: string;
            } | null;
            /** @description Unsigned. Only the signed links that joining returns open the stream. */
            play: {
                flv: string;
                hls: string;
                rtmp: string;
            };
            /** @description A preset's name, or the id of a ladder of the school; null: as the course, then the school, then the server says. */
            ladder: string | null;
            /** @description demand: rungs are made while somebody watches one. publish: as long as the stream is live. Null: as for ladder. */
            ladderStart: ("demand" | "publish") | null;
            /** @description When the lesson was moved to the bin. */
            deletedAt: string | null;
            /** @description The lesson's id in the school's own system. */
            externalId: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        Invitation: {
            lessonId: string;
            title: string;
            school: string;
            teacher: string | null;
            /** @enum {string} */
            state: "scheduled" | "live" | "ended";
            startsAt: string | null;
            endsAt: string | null;
            startedAt: string | null;
            guests: boolean;
            /** @description What guests agree to before they join; empty: nothing. */
            guestConsent: string;
        };
        Joined: {
            /** @description The participant's id; the links are bound to it. */
            viewer: string;
            name: string;
            /** @description For a guest, at the first join: renews the links. */
            token: string | null;
            lesson: components["schemas"]["Lesson"];
            /** @description Whether a teacher has to let the guest in. Join again with the token at `renewAt` to hear of it. */
            waiting: boolean;
            /** @description Null while waiting. An encrypted lesson is watched by HLS only: its flv and rtmp are null. */
            play: {
                flv: string | null;
                hls: string;
                rtmp: string | null;
            } | null;
            /** @description What the player shows over the picture, as an access rule wants it; null: nothing. */
            watermark: {
                text: string;
                /** @description 0.05 to 1. */
                opacity: number;
            } | null;
            /**
             * Format: date-time
             * @description After this time the links open no new connections.
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description Join again with the token at this time to get new links.
             */
            renewAt: string;
        };
        Trace: {
            /** @description Eight letters and digits, to read aloud. */
            trace: string;
        };
        Participant: {
            id: string;
            userId: string | null;
            name: string;
            /** @enum {string} */
            role: "operator" | "administrator" | "teacher" | "assistant" | "student" | "supervisor" | "guest";
            /** Format: date-time */
            joinedAt: string;
            /** Format: date-time */
            seenAt: string;
            removedAt: string | null;
            /** @description Whether a teacher has to let the guest in. */
            waiting: boolean;
            /** @description Six letters and digits: how a watermark names this person. */
            mark: string;
        };
        Invited: {
            userId: string;
            login: string;
            name: string;
        };
        Room: {
            lessonId: string;
            /** @description Of the room's log; places of another epoch mean nothing. */
            epoch: string;
            /** @description The newest entry's place. */
            head: number;
            settings: {
                /**
                 * @description Who may write; staff: what others write goes to the teacher alone.
                 * @enum {string}
                 */
                chat: "everybody" | "staff" | "off";
                /** @description Members wait this long between two lines; 0: no limit. */
                slowSeconds: number;
                questions: boolean;
                /** @description Bullet comments. */
                danmaku: boolean;
                reactions: boolean;
                hands: boolean;
                /** @description Whether everybody sees who is there; staff always do. */
                roster: boolean;
            };
            /** @description People who are in the room now. */
            people: number;
            /** @description The quiz that is open. */
            quiz: string | null;
            /** @description The sign-in round that is open. */
            signIn: string | null;
            /** @description What the server does without under load: 0 nothing, 1 reactions, 2 also bullet comments, 3 also the details of the roster, 4 also quick chat. */
            shedding: number;
        };
        /** @description What the entry says depends on its kind: docs/room-protocol.md. */
        RoomEntry: {
            epoch: string;
            /** @description The entry's place in the room's log. */
            seq: number;
            /** @description Milliseconds since 1970. */
            at: number;
            /** @description The stream's time that the sender saw, in milliseconds. */
            mediaTime: number | null;
            id: string;
            kind: string;
            /** @description The sender's participant id; null: the server. */
            from: string | null;
            name: string | null;
            role: ("staff" | "member" | "guest" | "watcher") | null;
            /** @description Of entries with the same key, the newest one counts. */
            key?: string;
            /** @description The key is removed. */
            gone?: boolean;
            /** @description `staff`, or a participant's id; absent: all. */
            to?: string;
        } & {
            [key: string]: unknown;
        };
        HeldText: {
            id: string;
            /** Format: date-time */
            at: string;
            /** @description chat, danmaku or question. */
            kind: string;
            text: string;
            person: {
                id: string;
                name: string;
                role: string;
            };
            /** @description Names of the word lists that hold it, or what the school's own check answered; may be empty. */
            reason: string;
        };
        WordList: {
            id: string;
            schoolId: string;
            name: string;
            /**
             * @description mask: the words become asterisks. hold: staff of the lesson decide. refuse: the text is sent back.
             * @enum {string}
             */
            action: "mask" | "hold" | "refuse";
            /** @description Whether signs and spaces between the letters of a word are overlooked. */
            skipsSigns: boolean;
            enabled: boolean;
            wordCount: number;
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        FullWordList: {
            id: string;
            schoolId: string;
            name: string;
            /**
             * @description mask: the words become asterisks. hold: staff of the lesson decide. refuse: the text is sent back.
             * @enum {string}
             */
            action: "mask" | "hold" | "refuse";
            /** @description Whether signs and spaces between the letters of a word are overlooked. */
            skipsSigns: boolean;
            enabled: boolean;
            wordCount: number;
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
            words: string;
        };
        ContentCheck: {
            id: string;
            schoolId: string;
            /**
             * @description text: each text of people who are not staff. picture: stills of live lessons.
             * @enum {string}
             */
            kind: "text" | "picture";
            url: string;
            /** @description How long a text waits for the answer. */
            deadlineMs: number;
            /**
             * @description What holds where there is no valid answer in time. hold: staff of the lesson decide.
             * @enum {string}
             */
            fallback: "pass" | "hold" | "refuse";
            /** @description Between two pictures of a live lesson. */
            intervalSeconds: number;
            enabled: boolean;
            /** @description Signs questions, as webhooks are signed. Null for API keys without webhook-secrets:write. */
            secret: string | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        RoomMember: {
            /** @description The participant's id. */
            id: string;
            userId: string | null;
            name: string;
            /** @enum {string} */
            role: "operator" | "administrator" | "teacher" | "assistant" | "student" | "supervisor" | "guest";
            /** Format: date-time */
            since: string;
            /** @description For example `phone, Chrome`. */
            device: string;
        };
        Attended: {
            /** @description The participant's id; of those who were absent, the person's. */
            id: string;
            participantId: string | null;
            userId: string | null;
            externalId: string | null;
            name: string;
            /** @enum {string} */
            role: "operator" | "administrator" | "teacher" | "assistant" | "student" | "supervisor" | "guest";
            /**
             * @description present: joined. absent: a student of the course who did not join. guest: joined, and was not expected.
             * @enum {string}
             */
            status: "present" | "absent" | "guest";
            inRoom: boolean;
            firstAt: string | null;
            lastAt: string | null;
            /** @description In the room, also before and after the lesson. */
            seconds: number;
            /** @description In the room while the lesson went on. */
            lessonSeconds: number;
            devices: string[];
            intervals: {
                /** Format: date-time */
                from: string;
                /** @description Null: still there. */
                to: string | null;
                device: string;
            }[];
            signins: {
                ref: string;
                /** Format: date-time */
                at: string;
                late: boolean;
            }[];
        };
        Signin: {
            ref: string;
            title: string;
            /**
             * @description late: people who sign now are noted as late.
             * @enum {string}
             */
            state: "open" | "late" | "closed";
            /** @description Four digits that people need; null: none. */
            code: string | null;
            lateAllowed: boolean;
            /** Format: date-time */
            openedAt: string;
            closesAt: string | null;
            closedAt: string | null;
            signed: number;
            /** @description Of those who signed. */
            late: number;
        };
        Watcher: {
            id: string;
            lessonId: string;
            childId: string | null;
            child: string | null;
            name: string;
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            chat: boolean;
            /** Format: date-time */
            createdAt: string;
            revokedAt: string | null;
            /** @description When the link was first used; null: never. */
            openedAt: string | null;
            /** @description By which attendance lists when the watcher was there. */
            participantId: string | null;
        };
        CreatedWatcher: {
            id: string;
            lessonId: string;
            childId: string | null;
            child: string | null;
            name: string;
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            chat: boolean;
            /** Format: date-time */
            createdAt: string;
            revokedAt: string | null;
            /** @description When the link was first used; null: never. */
            openedAt: string | null;
            /** @description By which attendance lists when the watcher was there. */
            participantId: string | null;
            /** @description Opens the lesson for this watcher. It is shown only once. */
            link: string;
        };
        Watching: {
            /** @description The participant's id; the links are bound to it. */
            viewer: string;
            name: string;
            /** @description For a guest, at the first join: renews the links. */
            token: string | null;
            lesson: components["schemas"]["Lesson"];
            /** @description Whether a teacher has to let the guest in. Join again with the token at `renewAt` to hear of it. */
            waiting: boolean;
            /** @description Null while waiting. An encrypted lesson is watched by HLS only: its flv and rtmp are null. */
            play: {
                flv: string | null;
                hls: string;
                rtmp: string | null;
            } | null;
            /** @description What the player shows over the picture, as an access rule wants it; null: nothing. */
            watermark: {
                text: string;
                /** @description 0.05 to 1. */
                opacity: number;
            } | null;
            /**
             * Format: date-time
             * @description After this time the links open no new connections.
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description Join again with the token at this time to get new links.
             */
            renewAt: string;
            /** Format: date-time */
            until: string;
            child: string | null;
        };
        Guardian: {
            id: string;
            childId: string;
            name: string;
            email: string;
            absences: boolean;
            checkIns: boolean;
            /** Format: date-time */
            createdAt: string;
        };
        CheckInForm: {
            id: string;
            schoolId: string;
            name: string;
            fields: {
                key: string;
                label: string;
                /** @enum {string} */
                type: "text" | "number" | "choice" | "yes-no";
                /**
                 * @description Of a choice.
                 * @default []
                 */
                options: string[];
                /** @default true */
                required: boolean;
            }[];
            enabled: boolean;
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        CheckIn: {
            id: string;
            formId: string;
            day: string;
            /** Format: date-time */
            at: string;
            answers: {
                [key: string]: string | number | boolean;
            };
        };
        CheckInOfPerson: {
            id: string;
            formId: string;
            day: string;
            /** Format: date-time */
            at: string;
            answers: {
                [key: string]: string | number | boolean;
            };
            userId: string;
            name: string;
        };
        Quiz: {
            id: string;
            lessonId: string;
            /** @enum {string} */
            type: "single" | "multiple" | "boolean" | "number" | "text";
            text: string;
            options: string[];
            /** @description Null: no answer is right or wrong. */
            correct: (number[] | boolean | {
                value: number;
                tolerance: number;
            } | string[]) | null;
            explanation: string | null;
            anonymous: boolean;
            /** @enum {string} */
            state: "open" | "closed" | "revealed";
            /** Format: date-time */
            openedAt: string;
            closesAt: string | null;
            closedAt: string | null;
            revealedAt: string | null;
            results: {
                /** @description People who have answered. */
                answered: number;
                /** @description Of these, how many are right; null: no answer is right or wrong. */
                correct: number | null;
                /** @description By the place of an option, by true and false, or the 20 numbers or texts that were given most often. */
                counts: {
                    choice: number | boolean | string;
                    count: number;
                }[];
                /** @description Answers that are none of `counts`. */
                others: number;
            };
        };
        QuizAnswer: {
            participantId: string;
            userId: string | null;
            name: string;
            role: string;
            /** @description Null: the text was erased with the person's name. */
            choice: (number[] | (number | boolean | string)) | null;
            isCorrect: boolean | null;
            /** Format: date-time */
            answeredAt: string;
        };
        QuizBankItem: {
            id: string;
            schoolId: string;
            courseId: string | null;
            /** @enum {string} */
            type: "single" | "multiple" | "boolean" | "number" | "text";
            text: string;
            options: string[];
            /** @description Null: no answer is right or wrong. */
            correct: (number[] | boolean | {
                value: number;
                tolerance: number;
            } | string[]) | null;
            explanation: string | null;
            seconds: number | null;
            anonymous: boolean;
            tags: string[];
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        Source: {
            id: string;
            /** @description Null: the operator's. */
            schoolId: string | null;
            title: string;
            /** @description Its stream is the lesson's, and it is pulled only while the lesson may be published. */
            lessonId: string | null;
            app: string;
            /** @description What the channel is published as. */
            name: string;
            /** @description With *** for each secret; sent back so, a secret stays as it is. Null for readers who may not change the source. */
            addresses: string[] | null;
            /**
             * @description demand: it is pulled while somebody watches, records or forwards it. always: as long as it is enabled.
             * @enum {string}
             */
            start: "demand" | "always";
            enabled: boolean;
            /** @description Null: no node has it, because it is not wanted now, or was made a moment ago. */
            state: components["schemas"]["JobState"] | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        JobState: {
            /**
             * @description waiting: nobody asks for it, or its stream is not live. retrying: it failed and is tried again. refused: no node has room.
             * @enum {string}
             */
            state: "waiting" | "starting" | "running" | "retrying" | "refused";
            /** Format: date-time */
            since: string;
            problem: {
                /** @description A code of docs/errors.md, Problems of jobs. */
                code: string;
                /** @description Null for readers who may not change it. */
                detail: string | null;
            } | null;
            /** @description The address of a source that is in use, counted from 0. */
            address: number | null;
            node: string | null;
            /** @description How often it began again since it was wanted. */
            restarts: number;
        };
        Forward: {
            id: string;
            lessonId: string;
            title: string;
            /** @description With *** for the key; sent back so, the key stays as it is. Null: this server cannot decrypt it; set it again. */
            url: string | null;
            enabled: boolean;
            /** @description Null: no node has it, because it is not wanted now, or was made a moment ago. */
            state: components["schemas"]["JobState"] | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        Ladder: {
            id: string;
            schoolId: string;
            name: string;
            rungs: components["schemas"]["Rung"][];
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        Rung: {
            /** @description As in addresses: NAME@RUNG. */
            name: string;
            /** @description The shorter side of the picture in pixels; null: sound alone. */
            height: number | null;
            /** @description At most; null: sound alone. */
            videoKbps: number | null;
            /** @description Null: the source's sound as it is. */
            audioKbps: number | null;
        };
        LadderPreset: {
            /** @enum {string} */
            id: "none" | "mobile" | "full" | "data-saver" | "audio";
            /** @description For a source that is larger than each of them. A rung is never larger than its source. */
            rungs: components["schemas"]["Rung"][];
        };
        Policy: {
            id: string;
            /** @description Null: the operator's. */
            schoolId: string | null;
            target: components["schemas"]["PolicyTarget"];
            rules: components["schemas"]["PolicyRule"][];
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        PolicyTarget: {
            /** @enum {string} */
            level: "installation" | "school" | "course" | "lesson" | "stream" | "recording";
            id: string;
        };
        PolicyRule: {
            /** @constant */
            kind: "addresses";
            /** @enum {string} */
            for: "play" | "publish";
            /** @enum {string} */
            combine: "add" | "replace";
            /** @enum {string} */
            mode: "enforce" | "dry-run";
            locked: boolean;
            allow: string[];
            deny: string[];
        } | {
            /** @constant */
            kind: "referers";
            /** @enum {string} */
            for: "play" | "publish";
            /** @enum {string} */
            combine: "add" | "replace";
            /** @enum {string} */
            mode: "enforce" | "dry-run";
            locked: boolean;
            allow: string[];
            deny: string[];
            /** @enum {string} */
            empty: "allow" | "refuse";
        } | {
            /** @constant */
            kind: "user-agents";
            /** @enum {string} */
            for: "play" | "publish";
            /** @enum {string} */
            combine: "add" | "replace";
            /** @enum {string} */
            mode: "enforce" | "dry-run";
            locked: boolean;
            allow: string[];
            deny: string[];
            /** @enum {string} */
            empty: "allow" | "refuse";
        } | {
            /** @constant */
            kind: "regions";
            /** @enum {string} */
            for: "play" | "publish";
            /** @enum {string} */
            combine: "add" | "replace";
            /** @enum {string} */
            mode: "enforce" | "dry-run";
            locked: boolean;
            allow: string[];
            deny: string[];
            /** @enum {string} */
            unknown: "allow" | "refuse";
        } | {
            /** @constant */
            kind: "carriers";
            /** @enum {string} */
            for: "play" | "publish";
            /** @enum {string} */
            combine: "add" | "replace";
            /** @enum {string} */
            mode: "enforce" | "dry-run";
            locked: boolean;
            allow: string[];
            deny: string[];
            /** @enum {string} */
            unknown: "allow" | "refuse";
        } | {
            /** @constant */
            kind: "times";
            /** @enum {string} */
            for: "play" | "publish";
            /** @enum {string} */
            combine: "add" | "replace";
            /** @enum {string} */
            mode: "enforce" | "dry-run";
            locked: boolean;
            timeZone: string;
            windows: {
                days: number[];
                from: string;
                to: string;
            }[];
        } | {
            /** @constant */
            kind: "links";
            /** @enum {string} */
            for: "play" | "publish";
            /** @enum {string} */
            combine: "add" | "replace";
            /** @enum {string} */
            mode: "enforce" | "dry-run";
            locked: boolean;
            boundAddress: boolean;
            keys: string[];
        } | {
            /** @constant */
            kind: "viewers";
            /** @enum {string} */
            for: "play" | "publish";
            /** @enum {string} */
            combine: "add" | "replace";
            /** @enum {string} */
            mode: "enforce" | "dry-run";
            locked: boolean;
            most: number | null;
            perViewer: number | null;
            /** @enum {string} */
            over: "refuse-newest" | "end-oldest";
        } | {
            /** @constant */
            kind: "encryption";
            /** @enum {string} */
            for: "play" | "publish";
            /** @enum {string} */
            combine: "add" | "replace";
            /** @enum {string} */
            mode: "enforce" | "dry-run";
            locked: boolean;
            segmentsPerKey: number;
        } | {
            /** @constant */
            kind: "watermark";
            /** @enum {string} */
            for: "play" | "publish";
            /** @enum {string} */
            combine: "add" | "replace";
            /** @enum {string} */
            mode: "enforce" | "dry-run";
            locked: boolean;
            /** @enum {string} */
            shows: "name" | "id" | "both";
            opacity: number;
        } | {
            /** @constant */
            kind: "back-end";
            /** @enum {string} */
            for: "play" | "publish";
            /** @enum {string} */
            combine: "add" | "replace";
            /** @enum {string} */
            mode: "enforce" | "dry-run";
            locked: boolean;
            url: string;
            /** @enum {string} */
            method: "POST" | "GET" | "HEAD";
            sends: ("query" | "ip" | "referer" | "userAgent" | "stream" | "protocol")[];
            cacheSeconds: number;
            refusedCacheSeconds: number;
            timeoutMs: number;
            /** @enum {string} */
            onFailure: "refuse" | "allow";
            /** @description Whether there is a secret. */
            signed: boolean;
        };
        EffectivePolicy: {
            /** @description Whose policies hold together, from the farthest to the nearest. */
            targets: components["schemas"]["PolicyTarget"][];
            rules: {
                rule: components["schemas"]["PolicyRule"];
                source: components["schemas"]["PolicyTarget"];
                /** @description The policy that replaces the rule; null: the rule holds. */
                replacedBy: components["schemas"]["PolicyTarget"] | null;
            }[];
        };
        AddressList: {
            id: string;
            /** @description Null: the operator's. */
            schoolId: string | null;
            name: string;
            /**
             * @description entries: uploaded. url: fetched again and again. file: read when it is replaced.
             * @enum {string}
             */
            source: "entries" | "url" | "file";
            /** @description With *** for each secret; sent back so, the secrets stay as they are. Null for other sources, and for readers who may not change it. */
            url: string | null;
            /** @description Null for other sources, and for readers who may not change it. */
            file: string | null;
            /** @description Null for other sources than url. */
            refreshSeconds: number | null;
            /** @description Lines with an address, a network or a range. */
            entries: number;
            /** @description What is left of them, because those that overlap or adjoin are one. */
            ranges: number;
            /** @description The first lines that are none of these. They are left out. */
            mistakes: {
                line: number;
                text: string;
            }[];
            mistakeCount: number;
            /** @description Increases with each change of the content; 0: there is none yet. */
            contentVersion: number;
            /** @description When the content has changed. */
            contentAt: string | null;
            /** @description When the url or file was read successfully. */
            lastFetchedAt: string | null;
            /** @description Why it cannot be read now; the last content stays in force. */
            lastError: string | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        LinkKey: {
            id: string;
            /** @description Null: of the installation. */
            schoolId: string | null;
            name: string;
            /**
             * @description Which system signs the links: docs/links.md.
             * @enum {string}
             */
            scheme: "upyun" | "aliyun-a" | "aliyun-b" | "aliyun-c" | "tencent" | "nginx";
            /** @description How long a link goes on after the time that is written in it, as the other system is configured. */
            validSeconds: number;
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        CreatedLinkKey: {
            id: string;
            /** @description Null: of the installation. */
            schoolId: string | null;
            name: string;
            /**
             * @description Which system signs the links: docs/links.md.
             * @enum {string}
             */
            scheme: "upyun" | "aliyun-a" | "aliyun-b" | "aliyun-c" | "tencent" | "nginx";
            /** @description How long a link goes on after the time that is written in it, as the other system is configured. */
            validSeconds: number;
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
            /** @description Shown only in this answer. */
            secret: string;
        };
        Protection: {
            /**
             * @description `protection.mode` of the configuration. watch: measures are only shown.
             * @enum {string}
             */
            mode: "enforce" | "watch" | "off";
            /** @description Addresses under a measure; `held` has 1000 at most, those with the most points first. */
            heldCount: number;
            held: components["schemas"]["HeldAddress"][];
            /** @description Measures that ended in the last hour, the newest first; 1000 at most. */
            ended: components["schemas"]["HeldAddress"][];
        };
        HeldAddress: {
            /** @description An IPv4 address, or the first 64 bits of IPv6 addresses: `2001:db8:0:1::/64`. */
            address: string;
            /**
             * @description What becomes of requests without a session, a signed link or a clearance. slow: API requests and joins wait; challenge: they need a clearance; refuse: everything needs one.
             * @enum {string}
             */
            measure: "slow" | "challenge" | "refuse";
            points: number;
            /** @description Signs of abuse, from the one with the most points. */
            because: {
                /** @enum {string} */
                sign: "new-name" | "wrong-credential" | "empty-connection" | "malformed" | "slow" | "too-many" | "attack-tool" | "new-referer" | "false-crawler";
                points: number;
            }[];
            /** @description An example of what was wrong. */
            about: string | null;
            /** Format: date-time */
            since: string;
            /** Format: date-time */
            until: string;
            /** @description The node that decided. */
            node: string;
            /** @description Nothing is done: the protection only watches, or the address is exempt. */
            dryRun: boolean;
        };
        Release: {
            address: string;
            /** Format: date-time */
            until: string;
        };
        Exemption: {
            id: string;
            network: string;
            note: string;
            until: string | null;
            /** @description Who added it. */
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
        };
        Recording: {
            id: string;
            schoolId: string | null;
            lessonId: string | null;
            app: string;
            name: string;
            title: string;
            /** Format: date-time */
            startedAt: string;
            seconds: number;
            bytes: number;
            /** @description False while the recording is being written; what is there can be watched. */
            whole: boolean;
            /** @description Whether students see it. */
            published: boolean;
            chapters: {
                seconds: number;
                title: string;
            }[];
            /** @description When the recording was moved to the bin. */
            deletedAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        Prefetched: {
            /** @description How many seconds are cached now. */
            seconds: number;
            /** @description Nodes that have it cached. */
            nodes: string[];
        };
        RecordingLinks: {
            play: {
                hls: string;
                flv: string;
                mp4: string;
            };
            /** Format: date-time */
            expiresAt: string;
            recording: components["schemas"]["Recording"];
            /** @description What the player shows over the picture, as an access rule wants it; null: nothing. */
            watermark: {
                text: string;
                /** @description 0.05 to 1. */
                opacity: number;
            } | null;
            /** @description Playback position in seconds; null for guests, and before the first playback. */
            place: number | null;
        };
        Download: {
            /** @description Null where there is nothing to make: the recording has no watermark. */
            id: string | null;
            /** @enum {string} */
            state: "waiting" | "running" | "done" | "failed";
            /** @description 0 to 100. */
            percent: number;
            /** @description An estimate; null: not known yet. */
            remainingSeconds: number | null;
            /** @description While it waits: how many come before. */
            ahead: number | null;
            /** @description When it is done. */
            bytes: number | null;
            /** @description When it is done: the file. */
            url: string | null;
            /** @description When it is done: the address opens no new downloads after this. */
            expiresAt: string | null;
            /** @description When it has failed. */
            problem: ("no-mark" | "no-picture" | "not-in-mp4" | "disk-full" | "storage-away" | "failed") | null;
        };
        Import: {
            id: string;
            /** @enum {string} */
            kind: "people" | "timetable" | "oneroster-users" | "oneroster-classes" | "oneroster-enrollments";
            /** @enum {string} */
            state: "running" | "done" | "failed";
            rowsTotal: number;
            /** @description Rows that are saved. After an error, rows before it may have been saved. */
            rowsDone: number;
            /** @description Of these, rows that made something new; the others were there already. */
            rowsAdded: number;
            errors: {
                line: number;
                column: string;
                message: string;
            }[];
            /** Format: date-time */
            createdAt: string;
            finishedAt: string | null;
        };
        Webhook: {
            id: string;
            schoolId: string | null;
            url: string;
            /** @description Empty: all but room.chat and room.hand. */
            events: ("lesson.created" | "lesson.changed" | "lesson.deleted" | "lesson.restored" | "lesson.started" | "lesson.ended" | "recording.started" | "recording.ready" | "recording.deleted" | "recording.restored" | "user.created" | "user.changed" | "user.erased" | "course.created" | "course.changed" | "course.deleted" | "import.finished" | "participant.joined" | "check-in.made" | "attendance.absent" | "participant.removed" | "stream.started" | "stream.ended" | "alarm.raised" | "alarm.cleared" | "room.chat" | "room.question" | "room.announcement" | "room.hand" | "room.quiz.opened" | "room.quiz.closed" | "room.signin.closed" | "attendance.ready")[];
            enabled: boolean;
            /** @description Signs deliveries: docs/api.md, Webhooks. Null for API keys without webhook-secrets:write. */
            secret: string | null;
            /** @description Until then, deliveries are signed with the secret before the last rotation too. */
            previousSecretUntil: string | null;
            /** @description Deliveries that failed permanently. */
            deadLetters: number;
            /**
             * @description failing: the last attempt failed. paused: five or more failed in a row; the server probes with one delivery after each pause.
             * @enum {string}
             */
            health: "working" | "failing" | "paused";
            /** @description Failed attempts since the last successful one. */
            failures: number;
            /** @description Nothing is sent before this time. */
            pausedUntil: string | null;
            lastDeliveredAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Increases by one with each change; also the ETag. */
            version: number;
        };
        Delivery: {
            id: string;
            event: string;
            /** @enum {string} */
            state: "pending" | "delivered" | "dead";
            attempts: number;
            nextAt: string | null;
            lastStatus: number | null;
            lastError: string | null;
            /** Format: date-time */
            createdAt: string;
            doneAt: string | null;
            body: string;
        };
        ApiKey: {
            id: string;
            schoolId: string | null;
            name: string;
            scopes: ("schools:read" | "schools:write" | "people:read" | "people:write" | "lessons:read" | "lessons:write" | "recordings:read" | "recordings:write" | "streams:read" | "streams:write" | "sources:read" | "sources:write" | "policies:read" | "policies:write" | "rooms:read" | "rooms:write" | "webhooks:read" | "webhooks:write" | "audit:read" | "system:read" | "system:write" | "publish-keys:write" | "webhook-secrets:write" | "recording-links:write")[];
            /** @description More requests are refused with too-many. Each control process counts by itself. */
            requestsPerMinute: number;
            expiresAt: string | null;
            /** @description Until then, the secret before the last rotation works too. */
            previousSecretUntil: string | null;
            /** @description To the minute. */
            usedAt: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        NewApiKey: {
            /** @description The bearer token. */
            key: string;
            id: string;
            schoolId: string | null;
            name: string;
            scopes: ("schools:read" | "schools:write" | "people:read" | "people:write" | "lessons:read" | "lessons:write" | "recordings:read" | "recordings:write" | "streams:read" | "streams:write" | "sources:read" | "sources:write" | "policies:read" | "policies:write" | "rooms:read" | "rooms:write" | "webhooks:read" | "webhooks:write" | "audit:read" | "system:read" | "system:write" | "publish-keys:write" | "webhook-secrets:write" | "recording-links:write")[];
            /** @description More requests are refused with too-many. Each control process counts by itself. */
            requestsPerMinute: number;
            expiresAt: string | null;
            /** @description Until then, the secret before the last rotation works too. */
            previousSecretUntil: string | null;
            /** @description To the minute. */
            usedAt: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        AuditEntry: {
            id: string;
            schoolId: string | null;
            /** Format: date-time */
            at: string;
            actor: {
                kind: string;
                id: string | null;
                name: string;
            };
            ip: string;
            action: string;
            target: {
                kind: string;
                id: string;
            };
            before: {
                [key: string]: unknown;
            } | null;
            after: {
                [key: string]: unknown;
            } | null;
        };
        PersonArchive: {
            /** Format: date-time */
            createdAt: string;
            person: components["schemas"]["User"];
            sessions: {
                ip: string;
                agent: string;
                /** Format: date-time */
                createdAt: string;
                /** Format: date-time */
                seenAt: string;
            }[];
            /** @description As which person sign-on providers and learning platforms know them. */
            identities: {
                issuer: string;
                subject: string;
                /** Format: date-time */
                createdAt: string;
            }[];
            courses: {
                id: string;
                name: string;
                role: string;
            }[];
            lessonsTaught: {
                id: string;
                title: string;
                startsAt: string | null;
            }[];
            participations: {
                lessonId: string;
                title: string;
                name: string;
                role: string;
                /** Format: date-time */
                joinedAt: string;
                /** Format: date-time */
                seenAt: string;
                removedAt: string | null;
            }[];
            /** @description What the person said and did in the rooms of lessons. */
            roomEntries: {
                lessonId: string;
                /** Format: date-time */
                at: string;
                kind: string;
                body: {
                    [key: string]: unknown;
                };
            }[];
            /** @description Without those to anonymous quizzes, which belong to nobody. */
            quizAnswers: {
                lessonId: string;
                question: string;
                options: string[];
                /** Format: date-time */
                answeredAt: string;
                choice: (number[] | boolean | number | string) | null;
                isCorrect: boolean | null;
            }[];
            /** @description When the person was in the rooms of lessons. */
            attendance: {
                lessonId: string;
                /** Format: date-time */
                from: string;
                to: string | null;
                device: string;
            }[];
            signins: {
                lessonId: string;
                title: string;
                /** Format: date-time */
                at: string;
                late: boolean;
            }[];
            checkIns: {
                form: string;
                day: string;
                /** Format: date-time */
                at: string;
                answers: {
                    [key: string]: unknown;
                };
            }[];
            guardians: {
                name: string;
                email: string;
            }[];
            recordingsWatched: {
                id: string;
                title: string;
                seconds: number;
                /** Format: date-time */
                updatedAt: string;
            }[];
            recordingsTaught: {
                id: string;
                title: string;
                /** Format: date-time */
                startedAt: string;
                seconds: number;
            }[];
            /** @description What the person did, and what was done to the account. */
            audit: components["schemas"]["AuditEntry"][];
        };
        CalendarAddress: {
            url: string;
        };
        Alarm: {
            id: string;
            schoolId: string | null;
            /** @enum {string} */
            code: "recording-stopped" | "storage-away" | "quota-reached" | "node-gone" | "clock-skew" | "rung-dropped" | "ladder-refused" | "ladder-failed" | "source-away" | "forward-away";
            /** @description A stream as APP/NAME, or a school's id; empty for the platform. */
            subject: string;
            detail: string;
            /** Format: date-time */
            raisedAt: string;
            /** @description Null while the alarm is open. */
            clearedAt: string | null;
        };
        Challenge: {
            /** @constant */
            algorithm: "SHA-256";
            /** @description SHA-256 of the salt and the number in decimal, in hex */
            challenge: string;
            /** @description No number is larger */
            maxnumber: number;
            salt: string;
            signature: string;
        };
        Stream: {
            app: string;
            name: string;
            epoch: string;
            term: number;
            /** Format: date-time */
            startedAt: string;
            node: string;
            process: string;
            /** @description Null while the server waits for the publisher to reconnect. */
            publisher: {
                protocol: string;
                ip: string;
                agent: string;
            } | null;
            video: {
                codec: string;
                profile: string | null;
                width: number | null;
                height: number | null;
                fps: number;
                bitrateKbps: number;
                gopSeconds: number | null;
            } | null;
            audio: {
                codec: string;
                sampleRate: number | null;
                channels: number | null;
                bitrateKbps: number;
            } | null;
            uplink: {
                fps: number;
                jitterMs: number;
                droppedFrames: number;
                health: string;
            };
            /** @description The recording in progress; null: none. */
            recording: string | null;
            /** @description The address of its still image, valid for a quarter of an hour. */
            still: string;
            viewers: {
                rtmp: number;
                flv: number;
                ws: number;
                hls: number;
                whep: number;
                total: number;
            };
        };
        Job: {
            /** @enum {string} */
            kind: "ladder" | "pull" | "forward";
            /** @description Of the source or the forward; empty for a ladder. */
            id: string;
            app: string;
            name: string;
            node: string | null;
            /** @enum {string} */
            state: "waiting" | "starting" | "running" | "retrying" | "refused";
            /** Format: date-time */
            since: string;
            problem: {
                /** @description A code of docs/errors.md, Problems of jobs. */
                code: string;
                detail: string;
            } | null;
            /** @description Cores that its programs use; null: none, or not measured yet. */
            cores: number | null;
            /** @description The address of a source that is in use, counted from 0. */
            address: number | null;
            restarts: number;
            /** @description Of a ladder. */
            rungs: {
                name: string;
                /** @enum {string} */
                state: "running" | "dropped";
                lagMs: number;
                problem: string | null;
            }[];
        };
        Node: {
            id: string;
            /** @description Its roles; none: all roles. */
            roles: ("origin" | "edge" | "dispatch" | "control" | "probe")[];
            region: string;
            carriers: string[];
            version: string;
            /** @enum {string} */
            state: "up" | "draining" | "gone";
            /** @description Its URL for clients. */
            http: string;
            rtmp: string;
            capacityMbps: number;
            usedMbps: number;
            maxConnections: number;
            connections: number;
            /** @description Cores in use. */
            cpu: number;
            /** @description Its clock minus that of the node that answers. */
            clockSkewMs: number;
            /** @description Its links from other nodes. */
            links: {
                to: string;
                rttMs: number | null;
                jitterMs: number;
                /** @description Share of sent segments that TCP had to send again, in per cent; null: unknown. */
                lossPercent: number | null;
                /** @description Received from it. */
                mbps: number;
                /** @description Since the last entry from it. */
                ageMs: number | null;
            }[];
        };
        Candidate: {
            node: string;
            /** @description The URL to watch or to publish at. Append the query of a signed link. */
            url: string;
            region: string;
            /** @description The carriers of its uplinks; empty: all. */
            isp: string;
            /** @description Share of its capacity in use, from 0 to 1. */
            load: number;
            /** @description The penalty of its network path, in milliseconds. Lower is better. */
            cost: number;
            reason: string;
        };
        DispatchExplanation: {
            /** @description The region of the address; empty: unknown. */
            region: string;
            isp: string;
            nodes: {
                node: string;
                /** @description The sum of the parts, in milliseconds. Lower is better. */
                cost: number;
                parts: {
                    carrier: number;
                    region: number;
                    feed: number;
                };
                load: number;
                /** @description Of nodes with the same cost, a stream fills the one with the highest rank first. */
                rank: number;
                verdict: string;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    login: string;
                    password: string;
                    /** @description The school's slug, needed when several schools have this login. */
                    school?: string;
                    /** @description The second factor, after `second-factor-required`: a code or a recovery code. */
                    code?: string;
                    /**
                     * @description For pages: the session goes to an HttpOnly cookie, and `token` is empty.
                     * @default false
                     */
                    cookie?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential, wrong-password, second-factor-required, wrong-code */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, password-sign-in-off */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        kind: "user" | "key" | "token";
                        name: string;
                        role: string;
                        schoolId: string | null;
                        user: components["schemas"]["User"] | null;
                        /** @description Whether the person has to set up a second factor before anything else. */
                        needsSecondFactor: boolean;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMySessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenSessions"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endMyOtherSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endMySession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUserSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenSessions"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endUserSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeMyPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    current: string;
                    /** @description At least 12 characters, for students 8; not common, and not a name of the person. */
                    password: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential, wrong-password */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPasswordReset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasswordReset"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, recent-sign-in-needed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestPasswordReset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    login: string;
                    school?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    usePasswordReset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description At least 12 characters, for students 8; not common, and not a name of the person. */
                    password: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description link-expired */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proveMyself: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description The person's password. */
                    password?: string;
                    /** @description Instead: six digits of the authenticator app, or a recovery code. */
                    code?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proof"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential, wrong-password, wrong-code */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMySecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactor"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirmMySecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Six digits of the authenticator app, or a recovery code. */
                    code: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential, wrong-code */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginMySecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The person's password. */
                    current: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactorSecret"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential, wrong-password */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renewRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Six digits of the authenticator app, or a recovery code. */
                    code: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential, wrong-code */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    turnOffMySecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The person's password. */
                    current: string;
                    /** @description Six digits of the authenticator app, or a recovery code. */
                    code: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential, wrong-password, wrong-code */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, recent-sign-in-needed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSignOn: {
        parameters: {
            query?: {
                /** @description The school's slug. Default: the only school. */
                school?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["SignOnChoice"][];
                        /** @description Whether there are several schools, so that `school` must name one. */
                        schoolNeeded: boolean;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginSignOn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    providerId: string;
                    /**
                     * @description The path of the page to come back to.
                     * @default /console
                     */
                    returnTo?: string;
                    /**
                     * @description Adds the provider to the account that is signed in, after a recent proof.
                     * @default false
                     */
                    link?: boolean;
                    /**
                     * @description The provider asks the person again, also where they are signed in there.
                     * @default false
                     */
                    fresh?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignOn"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential, not-signed-in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, recent-sign-in-needed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description provider-away, database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    finishSignOn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    providerId: string;
                    /** @description The query with which the provider sent the browser back. */
                    query: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedOn"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential, sign-on-failed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description provider-away, database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMyIdentities: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Identities"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unlinkIdentity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                identityId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, recent-sign-in-needed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listProviders: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Provider"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createProvider: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description For operators of several schools. */
                    schoolId?: string;
                    name: string;
                    /**
                     * Format: uri
                     * @description The issuer's address; `/.well-known/openid-configuration` below it describes the provider.
                     */
                    issuer: string;
                    clientId: string;
                    /**
                     * @description Empty: a public client, which PKCE protects.
                     * @default
                     */
                    clientSecret?: string;
                    /** @default openid profile email */
                    scopes?: string;
                    /**
                     * @description The claim with a person's roles, such as `groups`; a dot leads into an object. Empty: none.
                     * @default
                     */
                    roleClaim?: string;
                    /**
                     * @description The role for each value of the claim. Where several match, the first of administrator, teacher, assistant, supervisor, student counts.
                     * @default {}
                     */
                    roles?: {
                        [key: string]: "administrator" | "teacher" | "assistant" | "supervisor" | "student";
                    };
                    /**
                     * @description Of new people whose claims name no role; null: they are refused.
                     * @default student
                     */
                    defaultRole?: ("teacher" | "assistant" | "student" | "supervisor") | null;
                    /**
                     * @description The claim with the names of a person's courses. Empty: claims change no memberships.
                     * @default
                     */
                    courseClaim?: string;
                    /** @default true */
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                providerId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeProvider: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                providerId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                    /** Format: uri */
                    issuer?: string;
                    clientId?: string;
                    clientSecret?: string;
                    scopes?: string;
                    roleClaim?: string;
                    /** @description The role for each value of the claim. Where several match, the first of administrator, teacher, assistant, supervisor, student counts. */
                    roles?: {
                        [key: string]: "administrator" | "teacher" | "assistant" | "supervisor" | "student";
                    };
                    /** @description Of new people whose claims name no role; null: they are refused. */
                    defaultRole?: ("teacher" | "assistant" | "student" | "supervisor") | null;
                    courseClaim?: string;
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                providerId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderTest"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description provider-away, database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLtiPlatforms: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["LtiPlatform"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createLtiPlatform: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description For operators of several schools. */
                    schoolId?: string;
                    name: string;
                    /**
                     * Format: uri
                     * @description The platform's issuer, exactly as it names itself in launches.
                     */
                    issuer: string;
                    clientId: string;
                    deploymentIds: string[];
                    /**
                     * Format: uri
                     * @description The platform's authentication request URL (authorization endpoint).
                     */
                    loginUrl: string;
                    /**
                     * Format: uri
                     * @description The platform's access token URL.
                     */
                    tokenUrl: string;
                    /**
                     * Format: uri
                     * @description The platform's public keyset URL (JWKS).
                     */
                    keysUrl: string;
                    /**
                     * @description Origins whose pages may show a launch in a frame, besides those of `issuer` and `loginUrl`: `https://school.instructure.com`.
                     * @default []
                     */
                    origins?: string[];
                    /**
                     * @description Whether attendance is reported as a grade after each lesson.
                     * @default true
                     */
                    grades?: boolean;
                    /** @default true */
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LtiPlatform"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteLtiPlatform: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                platformId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeLtiPlatform: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                platformId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                    deploymentIds?: string[];
                    /** Format: uri */
                    loginUrl?: string;
                    /** Format: uri */
                    tokenUrl?: string;
                    /** Format: uri */
                    keysUrl?: string;
                    /** @description Origins whose pages may show a launch in a frame, besides those of `issuer` and `loginUrl`: `https://school.instructure.com`. */
                    origins?: string[];
                    /** @description Whether attendance is reported as a grade after each lesson. */
                    grades?: boolean;
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LtiPlatform"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testLtiPlatform: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                platformId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LtiPlatformTest"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description provider-away, database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLtiKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeySet"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLtiTool: {
        parameters: {
            query: {
                schoolId: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LtiTool"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginLaunch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    schoolId: string;
                    /** @description The fields that the platform sent, as `application/x-www-form-urlencoded`. */
                    form: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LtiLogin"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential, launch-failed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    finishLaunch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The fields that the platform sent, as `application/x-www-form-urlencoded`. */
                    form: string;
                    /**
                     * @description From the platform's storage; empty: from the cookie.
                     * @default
                     */
                    flow?: string;
                    /**
                     * @description Whether the session goes to a cookie, and not to the answer.
                     * @default true
                     */
                    asCookie?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LtiLaunch"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential, launch-failed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, removed-from-lesson */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description lesson-not-ready */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description provider-away, database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    moveSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential, launch-failed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    answerDeepLinking: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    ticket: string;
                    item: {
                        lessonId?: string;
                        recordingId?: string;
                        /** @description Of a new lesson. */
                        title?: string;
                    };
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeepLinkingAnswer"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential, launch-failed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found, no-such-recording */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSchools: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["School"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSchool: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Short name, which people type to sign in when several schools have their login. */
                    slug: string;
                    name: string;
                    /** @default Asia/Shanghai */
                    timeZone?: string;
                    /** @default true */
                    guests?: boolean;
                    /** @default [] */
                    adminNetworks?: string[];
                    /** @description GET /api/v1/ladders lists them; null: as the course, then the school, then the server says. */
                    ladder?: string | null;
                    ladderStart?: ("demand" | "publish") | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["School"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSchool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                schoolId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["School"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSchool: {
        parameters: {
            query: {
                /** @description The school's short name, so that none is deleted by mistake. */
                slug: string;
            };
            header?: never;
            path: {
                schoolId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        deletingSince: string;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeSchool: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                schoolId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    slug?: string;
                    name?: string;
                    timeZone?: string;
                    guests?: boolean;
                    adminNetworks?: string[];
                    keepDays?: number;
                    keepBytes?: number;
                    /** @description For operators. */
                    quotaBytes?: number;
                    secondFactor?: boolean;
                    /** @description Off only where a provider is enabled. */
                    passwordSignIn?: boolean;
                    /** @description 0, or 5 and more. */
                    idleMinutes?: 0 | number;
                    guestConsent?: string;
                    /** @description GET /api/v1/ladders lists them; null: as the course, then the school, then the server says. */
                    ladder?: string | null;
                    ladderStart?: ("demand" | "publish") | null;
                    keepAuditDays?: number;
                    keepNamesDays?: number;
                    /** @description People of an archived school cannot sign in, and its lessons are closed. */
                    archived?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["School"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSpace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                schoolId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Space"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                /** @description The order; with a minus, the reverse one. Default: createdAt. */
                sort?: "createdAt" | "-createdAt" | "name" | "-name" | "login" | "-login" | "updatedAt" | "-updatedAt";
                /** @description Items that were created or changed at this time or later. Ask with a minute's overlap: docs/integrate.md. */
                updatedSince?: string;
                /** @description true: the answer has the number of all items that match. */
                total?: string;
                externalId?: string;
                schoolId?: string;
                role?: "operator" | "administrator" | "teacher" | "assistant" | "student" | "supervisor";
                /** @description Part of the name or the login. */
                search?: string;
                /** @description How a watermark names the person. */
                mark?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["User"][];
                        nextCursor: string | null;
                        /** @description Where the request asked for it. */
                        total?: number;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description For operators. Everyone else creates people in their own school. */
                    schoolId?: string;
                    login: string;
                    name: string;
                    /** @default null */
                    email?: string | null;
                    /**
                     * @default student
                     * @enum {string}
                     */
                    role?: "operator" | "administrator" | "teacher" | "assistant" | "student" | "supervisor";
                    externalId?: string;
                    /** @description Without one, the person sets a password with a reset link. */
                    password?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    login?: string;
                    name?: string;
                    email?: string | null;
                    /** @enum {string} */
                    role?: "administrator" | "teacher" | "assistant" | "student" | "supervisor";
                    externalId?: string | null;
                    /** @description At least 12 characters, for students 8; not common, and not a name of the person. */
                    password?: string;
                    disabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, recent-sign-in-needed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upsertUser: {
        parameters: {
            query?: {
                schoolId?: string;
            };
            header?: never;
            path: {
                externalId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    login: string;
                    name: string;
                    /** @default null */
                    email?: string | null;
                    /**
                     * @default student
                     * @enum {string}
                     */
                    role?: "administrator" | "teacher" | "assistant" | "student" | "supervisor";
                    /** @default false */
                    disabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upserted"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upsertUsers: {
        parameters: {
            query?: {
                schoolId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    items: {
                        externalId: string;
                        login: string;
                        name: string;
                        /** @default null */
                        email?: string | null;
                        /**
                         * @default student
                         * @enum {string}
                         */
                        role?: "administrator" | "teacher" | "assistant" | "student" | "supervisor";
                        /** @default false */
                        disabled?: boolean;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchResult"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCourses: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                /** @description The order; with a minus, the reverse one. Default: createdAt. */
                sort?: "createdAt" | "-createdAt" | "name" | "-name" | "updatedAt" | "-updatedAt";
                /** @description Items that were created or changed at this time or later. Ask with a minute's overlap: docs/integrate.md. */
                updatedSince?: string;
                /** @description true: the answer has the number of all items that match. */
                total?: string;
                externalId?: string;
                schoolId?: string;
                /** @description Part of the name. */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Course"][];
                        nextCursor: string | null;
                        /** @description Where the request asked for it. */
                        total?: number;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createCourse: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    schoolId?: string;
                    name: string;
                    /** @default  */
                    description?: string;
                    externalId?: string;
                    /** @description GET /api/v1/ladders lists them; null: as the course, then the school, then the server says. */
                    ladder?: string | null;
                    ladderStart?: ("demand" | "publish") | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Course"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCourse: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                courseId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Course"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteCourse: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                courseId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeCourse: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                courseId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                    description?: string;
                    externalId?: string | null;
                    /** @description GET /api/v1/ladders lists them; null: as the course, then the school, then the server says. */
                    ladder?: string | null;
                    ladderStart?: ("demand" | "publish") | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Course"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMembers: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                courseId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Member"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                courseId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    role: "teacher" | "assistant" | "student" | "supervisor";
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                courseId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upsertCourse: {
        parameters: {
            query?: {
                schoolId?: string;
            };
            header?: never;
            path: {
                externalId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    description?: string;
                    /** @description All members of the course, by their own external ids; others are taken out. Without it, the members stay. */
                    members?: {
                        externalId: string;
                        /** @enum {string} */
                        role: "teacher" | "assistant" | "student" | "supervisor";
                    }[];
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upserted"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upsertCourses: {
        parameters: {
            query?: {
                schoolId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    items: {
                        externalId: string;
                        name: string;
                        description?: string;
                        /** @description All members of the course, by their own external ids; others are taken out. Without it, the members stay. */
                        members?: {
                            externalId: string;
                            /** @enum {string} */
                            role: "teacher" | "assistant" | "student" | "supervisor";
                        }[];
                    }[];
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchResult"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLessons: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                /** @description The order; with a minus, the reverse one. Default: createdAt. */
                sort?: "createdAt" | "-createdAt" | "startsAt" | "-startsAt" | "title" | "-title" | "updatedAt" | "-updatedAt";
                /** @description Items that were created or changed at this time or later. Ask with a minute's overlap: docs/integrate.md. */
                updatedSince?: string;
                /** @description true: the answer has the number of all items that match. */
                total?: string;
                externalId?: string;
                schoolId?: string;
                courseId?: string;
                teacherId?: string;
                state?: "scheduled" | "live" | "ended";
                /** @description Part of the title. */
                search?: string;
                /** @description Lessons that start at this time or later. */
                from?: string;
                /** @description Lessons that start before this time. */
                to?: string;
                /** @description true: lists the bin instead. */
                deleted?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Lesson"][];
                        nextCursor: string | null;
                        /** @description Where the request asked for it. */
                        total?: number;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createLesson: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    schoolId?: string;
                    title: string;
                    /** Format: date-time */
                    startsAt?: string;
                    /** Format: date-time */
                    endsAt?: string;
                    courseId?: string;
                    teacherId?: string;
                    /**
                     * @default broadcast
                     * @enum {string}
                     */
                    mode?: "broadcast" | "interactive-large" | "interactive-small" | "one-to-one";
                    /** @default false */
                    record?: boolean;
                    /** @description Default: the school's setting. */
                    guests?: boolean;
                    externalId?: string;
                    /** @default false */
                    waitingRoom?: boolean;
                    /** @default false */
                    openToSchool?: boolean;
                    /** @description GET /api/v1/ladders lists them; null: as the course, then the school, then the server says. */
                    ladder?: string | null;
                    ladderStart?: ("demand" | "publish") | null;
                    /** @description Default: 2 for one to one, 20 for a small interactive lesson, else no limit. */
                    capacity?: number | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lesson"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLesson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lesson"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteLesson: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeLesson: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    title?: string;
                    startsAt?: string | null;
                    endsAt?: string | null;
                    courseId?: string | null;
                    teacherId?: string | null;
                    /** @enum {string} */
                    mode?: "broadcast" | "interactive-large" | "interactive-small" | "one-to-one";
                    record?: boolean;
                    guests?: boolean;
                    locked?: boolean;
                    waitingRoom?: boolean;
                    openToSchool?: boolean;
                    capacity?: number | null;
                    /** @description GET /api/v1/ladders lists them; null: as the course, then the school, then the server says. */
                    ladder?: string | null;
                    ladderStart?: ("demand" | "publish") | null;
                    externalId?: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lesson"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upsertLesson: {
        parameters: {
            query?: {
                schoolId?: string;
            };
            header?: never;
            path: {
                externalId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    title: string;
                    /** @default null */
                    startsAt?: string | null;
                    /** @default null */
                    endsAt?: string | null;
                    /** @default null */
                    courseExternalId?: string | null;
                    /** @default null */
                    teacherExternalId?: string | null;
                    /**
                     * @default broadcast
                     * @enum {string}
                     */
                    mode?: "broadcast" | "interactive-large" | "interactive-small" | "one-to-one";
                    record?: boolean;
                    /** @description Default: the school's setting. */
                    guests?: boolean;
                    capacity?: number | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upserted"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upsertLessons: {
        parameters: {
            query?: {
                schoolId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    items: {
                        externalId: string;
                        title: string;
                        /** @default null */
                        startsAt?: string | null;
                        /** @default null */
                        endsAt?: string | null;
                        /** @default null */
                        courseExternalId?: string | null;
                        /** @default null */
                        teacherExternalId?: string | null;
                        /**
                         * @default broadcast
                         * @enum {string}
                         */
                        mode?: "broadcast" | "interactive-large" | "interactive-small" | "one-to-one";
                        record?: boolean;
                        /** @description Default: the school's setting. */
                        guests?: boolean;
                        capacity?: number | null;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchResult"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    restoreLesson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lesson"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startLesson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lesson"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endLesson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lesson"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description false: a publisher with the old key stays connected.
                     * @default true
                     */
                    disconnect?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lesson"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lesson"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description For If-None-Match (RFC 9110, section 13.1.2); in answers to requests without a credential. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-lesson */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    joinLesson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The lesson's id, or its join code. */
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description A guest's name. */
                    name?: string;
                    /**
                     * @description Whether a guest agrees to the school's `guestConsent`.
                     * @default false
                     */
                    consent?: boolean;
                    /** @description The lesson's code; guests need it. */
                    code?: string;
                    /** @description From an earlier join: joins as the same guest. */
                    token?: string;
                    /** @description A random mark that a page keeps on a guest's device. */
                    device?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Joined"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, guests-not-allowed, consent-needed, removed-from-lesson, lesson-locked */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-lesson */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description lesson-ended */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description lesson-full, database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reportTrouble: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    viewer?: string;
                    /** @description State of the player. */
                    state: string;
                    engine?: string;
                    stalls?: number;
                    stallMs?: number;
                    reconnects?: number;
                    behind?: number;
                    firstFrameMs?: number | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trace"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reportTamper: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description What the player has noticed, as in its event `lectern-tamper`.
                     * @enum {string}
                     */
                    what: "attribute" | "removed" | "text" | "hidden" | "moved" | "picture" | "covered" | "shadow-root";
                    /** @description A guest's token of the lesson; people who are signed in need none. */
                    token?: string;
                    /** @description The recording that was watched; absent for the live lesson. */
                    recordingId?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-lesson, not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listParticipants: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                /** @description How a watermark names the person. */
                mark?: string;
            };
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Participant"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    admitParticipant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
                participantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Participant"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description lesson-full, database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeParticipant: {
        parameters: {
            query?: {
                /** @description Also keeps out guests from the same device. Default: true for a person with an account, else false. */
                device?: string;
            };
            header?: never;
            path: {
                lessonId: string;
                participantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readmitParticipant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
                participantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Participant"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listInvited: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Invited"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invited"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uninvite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRoom: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description control-away, database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRoomEntries: {
        parameters: {
            query?: {
                /** @description `chat`, `question` and so on; absent: all kinds. */
                kind?: string;
                /** @description Entries before this place (`seq`). */
                before?: number;
                /** @description The first entries after this place. */
                after?: number;
                limit?: number;
                /** @description A guest's token of the lesson; people who are signed in need none. */
                token?: string;
            };
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Of the room's log; empty before its first entry. */
                        epoch: string;
                        /** @description In their order; of each key the newest entry. */
                        items: components["schemas"]["RoomEntry"][];
                        /** @description Whether there are others, in the direction of reading. */
                        hasMore: boolean;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, removed-from-lesson */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createRoomEntry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Of the sender's making. Sending it again does nothing more. */
                    id: string;
                    kind: string;
                    /**
                     * @description The stream's time that the sender sees, in milliseconds.
                     * @default null
                     */
                    mediaTime?: number | null;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @description Where the room's log was when it was done. */
                        seq: number;
                        /** @description Such as the reference of a new line. */
                        answer: {
                            [key: string]: unknown;
                        } | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential, wrong-code */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, removed-from-lesson, muted, switched-off, refused-words */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found, no-such-lesson */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, closed */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description control-away, database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportRoom: {
        parameters: {
            query?: {
                kind?: string;
                /** @description The header Lectern-Next-Cursor of the page before. */
                after?: number;
                /** @description Rows. */
                limit?: number;
            };
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listHeldTexts: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["HeldText"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWordLists: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["WordList"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWordList: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    schoolId?: string;
                    name: string;
                    /**
                     * @description mask: the words become asterisks. hold: staff of the lesson decide. refuse: the text is sent back.
                     * @default mask
                     * @enum {string}
                     */
                    action?: "mask" | "hold" | "refuse";
                    /**
                     * @description Whether signs and spaces between the letters of a word are overlooked.
                     * @default true
                     */
                    skipsSigns?: boolean;
                    /** @default true */
                    enabled?: boolean;
                    /**
                     * @description One word or phrase in each line, of at most 100 characters; lines that begin with # are comments. Case, width, accents, traditional Chinese and invisible characters make no difference. A word of letters is found as a whole word; with * at an end, within longer words too.
                     * @default
                     */
                    words?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FullWordList"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWordList: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                wordListId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FullWordList"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWordList: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                wordListId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeWordList: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                wordListId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                    /**
                     * @description mask: the words become asterisks. hold: staff of the lesson decide. refuse: the text is sent back.
                     * @enum {string}
                     */
                    action?: "mask" | "hold" | "refuse";
                    /** @description Whether signs and spaces between the letters of a word are overlooked. */
                    skipsSigns?: boolean;
                    enabled?: boolean;
                    /** @description One word or phrase in each line, of at most 100 characters; lines that begin with # are comments. Case, width, accents, traditional Chinese and invisible characters make no difference. A word of letters is found as a whole word; with * at an end, within longer words too. */
                    words?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FullWordList"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listContentChecks: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ContentCheck"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createContentCheck: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    schoolId?: string;
                    /**
                     * @default text
                     * @enum {string}
                     */
                    kind?: "text" | "picture";
                    /** Format: uri */
                    url: string;
                    /**
                     * @description How long a text waits for the answer.
                     * @default 2000
                     */
                    deadlineMs?: number;
                    /**
                     * @description What holds where there is no valid answer in time. hold: staff of the lesson decide.
                     * @default hold
                     * @enum {string}
                     */
                    fallback?: "pass" | "hold" | "refuse";
                    /**
                     * @description Between two pictures of a live lesson.
                     * @default 30
                     */
                    intervalSeconds?: number;
                    /** @default true */
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContentCheck"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getContentCheck: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                contentCheckId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContentCheck"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteContentCheck: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                contentCheckId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeContentCheck: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                contentCheckId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** Format: uri */
                    url?: string;
                    /** @description How long a text waits for the answer. */
                    deadlineMs?: number;
                    /**
                     * @description What holds where there is no valid answer in time. hold: staff of the lesson decide.
                     * @enum {string}
                     */
                    fallback?: "pass" | "hold" | "refuse";
                    /** @description Between two pictures of a live lesson. */
                    intervalSeconds?: number;
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContentCheck"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRoomPeople: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                /** @description Part of a name. */
                search?: string;
                /** @description A `version` of an earlier answer: the answer has up to 1000 people who came or left after it. */
                since?: number;
            };
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["RoomMember"][];
                        nextCursor: string | null;
                        /** @description Pages that have the list ask for the differences since it, when the signal `roster` tells a greater one. */
                        version: number;
                        /** @description How many are in the room. */
                        count: number;
                        /** @description Participants who have left since `since`. */
                        left: string[];
                        /** @description More has changed since `since` than one answer has: read the list again. */
                        again: boolean;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAttendance: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Attended"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportLessonAttendance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSignins: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Signin"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWatchers: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Watcher"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWatcher: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Of the parent or inspector. */
                    name: string;
                    /** @description The student whose parent it is. */
                    childId?: string;
                    /**
                     * Format: date-time
                     * @description Default: ten minutes before the lesson, or now.
                     */
                    from?: string;
                    /**
                     * Format: date-time
                     * @description Default: when the lesson ends, or two hours later.
                     */
                    to?: string;
                    /**
                     * @description Whether the watcher may write in the lesson's room.
                     * @default false
                     */
                    chat?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWatcher"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeWatcher: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
                watcherId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What follows `#` in the link. */
                    secret: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Watching"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, watching-not-yet, watching-over, removed-from-lesson */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description lesson-ended */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGuardians: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Guardian"][];
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addGuardian: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** Format: email */
                    email: string;
                    /**
                     * @description Told by mail of lessons that the child missed.
                     * @default true
                     */
                    absences?: boolean;
                    /**
                     * @description Told by mail when the child has checked in.
                     * @default true
                     */
                    checkIns?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Guardian"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeGuardian: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
                guardianId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCheckInForms: {
        parameters: {
            query?: {
                schoolId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CheckInForm"][];
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createCheckInForm: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    schoolId?: string;
                    name: string;
                    fields: {
                        key: string;
                        label: string;
                        /** @enum {string} */
                        type: "text" | "number" | "choice" | "yes-no";
                        /**
                         * @description Of a choice.
                         * @default []
                         */
                        options?: string[];
                        /** @default true */
                        required?: boolean;
                    }[];
                    /** @default true */
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckInForm"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteCheckInForm: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                formId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeCheckInForm: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                formId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                    fields?: {
                        key: string;
                        label: string;
                        /** @enum {string} */
                        type: "text" | "number" | "choice" | "yes-no";
                        /**
                         * @description Of a choice.
                         * @default []
                         */
                        options?: string[];
                        /** @default true */
                        required?: boolean;
                    }[];
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckInForm"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMyCheckIn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                formId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        day: string;
                        checkIn: components["schemas"]["CheckIn"] | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putMyCheckIn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                formId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    answers: {
                        [key: string]: string | number | boolean;
                    };
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckIn"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCheckIns: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                /** @description Default: today, in the school's time zone. */
                day?: string;
            };
            header?: never;
            path: {
                formId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CheckInOfPerson"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportCheckIns: {
        parameters: {
            query: {
                /** @description In the school's time zone. */
                from: string;
                /** @description In the school's time zone. */
                to: string;
            };
            header?: never;
            path: {
                formId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listQuizzes: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Quiz"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listQuizAnswers: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                lessonId: string;
                quizId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["QuizAnswer"][];
                        nextCursor: string | null;
                        quiz: components["schemas"]["Quiz"];
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportQuizzes: {
        parameters: {
            query?: {
                /** @description Rows. */
                limit?: number;
                /** @description The header Lectern-Next-Cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listQuizBank: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
                tag?: string;
                /** @description Questions of this course, and those of no course. */
                courseId?: string;
                /** @description Part of the text. */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["QuizBankItem"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createQuizBankItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    schoolId?: string;
                    /** @description The course whose teachers use and change it. Default: all teachers of the school. */
                    courseId?: string | null;
                    /** @enum {string} */
                    type: "single" | "multiple" | "boolean" | "number" | "text";
                    text: string;
                    /** @description Of single and multiple choice: 2 to 20. */
                    options?: string[];
                    /** @description Default: no answer is right or wrong, as in a poll. */
                    correct?: (number[] | string[] | boolean | number | string | {
                        value: number;
                        tolerance: number;
                    }) | null;
                    /** @description Shown with the right answer. */
                    explanation?: string | null;
                    /** @description Time limit in seconds. Default: none. */
                    seconds?: number | null;
                    /** @default false */
                    anonymous?: boolean;
                    /** @default [] */
                    tags?: string[];
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuizBankItem"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importQuizBank: {
        parameters: {
            query?: {
                schoolId?: string;
                courseId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/plain": string;
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        added: number;
                        /** @description Questions that were there already. */
                        skipped: number;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportQuizBank: {
        parameters: {
            query?: {
                schoolId?: string;
                courseId?: string;
                /** @description Rows. */
                limit?: number;
                /** @description The header Lectern-Next-Cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getQuizBankItem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                itemId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuizBankItem"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteQuizBankItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                itemId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeQuizBankItem: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                itemId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description The course whose teachers use and change it. Default: all teachers of the school. */
                    courseId?: string | null;
                    /** @enum {string} */
                    type?: "single" | "multiple" | "boolean" | "number" | "text";
                    text?: string;
                    /** @description Of single and multiple choice: 2 to 20. */
                    options?: string[];
                    /** @description Default: no answer is right or wrong, as in a poll. */
                    correct?: (number[] | string[] | boolean | number | string | {
                        value: number;
                        tolerance: number;
                    }) | null;
                    /** @description Shown with the right answer. */
                    explanation?: string | null;
                    /** @description Time limit in seconds. Default: none. */
                    seconds?: number | null;
                    anonymous?: boolean;
                    tags?: string[];
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuizBankItem"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSources: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
                lessonId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Source"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSource: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Without it, an operator's source belongs to no school. */
                    schoolId?: string;
                    title: string;
                    /** @description A lesson has at most one source. */
                    lessonId?: string;
                    /**
                     * @description One of the server's applications.
                     * @default live
                     */
                    app?: string;
                    /** @description Unique among all sources. The source of a lesson has none. */
                    name?: string;
                    /** @description The preferred one first: RTMP(S), HTTP(S) with FLV or HLS, SRT, RTSP; for operators also UDP, SRT that listens, and files. */
                    addresses: string[];
                    /**
                     * @description demand: it is pulled while somebody watches, records or forwards it. always: as long as it is enabled.
                     * @default demand
                     * @enum {string}
                     */
                    start?: "demand" | "always";
                    /** @default true */
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sourceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSource: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                sourceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeSource: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                sourceId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    title?: string;
                    /** @description The preferred one first: RTMP(S), HTTP(S) with FLV or HLS, SRT, RTSP; for operators also UDP, SRT that listens, and files. */
                    addresses?: string[];
                    /**
                     * @description demand: it is pulled while somebody watches, records or forwards it. always: as long as it is enabled.
                     * @enum {string}
                     */
                    start?: "demand" | "always";
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listForwards: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Forward"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLessonForwards: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Forward"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createForward: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    title: string;
                    /** @description RTMP, RTMPS or SRT, with the key. */
                    url: string;
                    /** @default true */
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Forward"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getForward: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                forwardId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Forward"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteForward: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                forwardId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeForward: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                forwardId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    title?: string;
                    /** @description RTMP, RTMPS or SRT, with the key. */
                    url?: string;
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Forward"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLadders: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Ladder"][];
                        nextCursor: string | null;
                        presets: components["schemas"]["LadderPreset"][];
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createLadder: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    schoolId?: string;
                    name: string;
                    rungs: {
                        name: string;
                        height: number | null;
                        videoKbps?: number | null;
                        /** @default null */
                        audioKbps?: number | null;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ladder"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLadder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ladderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ladder"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteLadder: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                ladderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeLadder: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                ladderId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                    rungs?: {
                        name: string;
                        height: number | null;
                        videoKbps?: number | null;
                        /** @default null */
                        audioKbps?: number | null;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ladder"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPolicies: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
                level?: "installation" | "school" | "course" | "lesson" | "stream" | "recording";
                targetId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Policy"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    target: {
                        /** @enum {string} */
                        level: "installation" | "school" | "course" | "lesson" | "stream" | "recording";
                        /**
                         * @description The id of the school, course, lesson or recording; APP/NAME of a stream that belongs to no lesson; empty for the installation.
                         * @default
                         */
                        id?: string;
                    };
                    rules: ({
                        /** @constant */
                        kind: "addresses";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        allow?: string[];
                        deny?: string[];
                    } | {
                        /** @constant */
                        kind: "referers";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        allow?: string[];
                        deny?: string[];
                        /**
                         * @default allow
                         * @enum {string}
                         */
                        empty?: "allow" | "refuse";
                    } | {
                        /** @constant */
                        kind: "user-agents";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        /** @default [] */
                        allow?: string[];
                        /** @default [] */
                        deny?: string[];
                        /**
                         * @default allow
                         * @enum {string}
                         */
                        empty?: "allow" | "refuse";
                    } | {
                        /** @constant */
                        kind: "regions";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        allow?: string[];
                        deny?: string[];
                        /**
                         * @default allow
                         * @enum {string}
                         */
                        unknown?: "allow" | "refuse";
                    } | {
                        /** @constant */
                        kind: "carriers";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        /** @default [] */
                        allow?: string[];
                        /** @default [] */
                        deny?: string[];
                        /**
                         * @default allow
                         * @enum {string}
                         */
                        unknown?: "allow" | "refuse";
                    } | {
                        /** @constant */
                        kind: "times";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        timeZone: string;
                        windows: {
                            days: number[];
                            from: string;
                            to: string;
                        }[];
                    } | {
                        /** @constant */
                        kind: "links";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        /** @default false */
                        boundAddress?: boolean;
                        /** @default [] */
                        keys?: string[];
                    } | {
                        /** @constant */
                        kind: "viewers";
                        /** @constant */
                        for: "play";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        /**
                         * @description Of all viewers of a stream or recording; null: any number.
                         * @default null
                         */
                        most?: number | null;
                        /**
                         * @description Connections of one person, or of one link that names nobody, to a stream or recording; null: any number.
                         * @default null
                         */
                        perViewer?: number | null;
                        /**
                         * @description Whether one connection more than `perViewer` is refused, or ends the one that began first.
                         * @default refuse-newest
                         * @enum {string}
                         */
                        over?: "refuse-newest" | "end-oldest";
                    } | {
                        /** @constant */
                        kind: "encryption";
                        /** @constant */
                        for: "play";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        /**
                         * @description So many HLS segments have one key.
                         * @default 5
                         */
                        segmentsPerKey?: number;
                    } | {
                        /** @constant */
                        kind: "watermark";
                        /** @constant */
                        for: "play";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        /**
                         * @description name: of the person; id: a short number that the school can look up.
                         * @default both
                         * @enum {string}
                         */
                        shows?: "name" | "id" | "both";
                        /** @default 0.4 */
                        opacity?: number;
                    } | {
                        /** @constant */
                        kind: "back-end";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        /** @description http or https. Those who may read the policy see it. */
                        url: string;
                        /**
                         * @default POST
                         * @enum {string}
                         */
                        method?: "POST" | "GET" | "HEAD";
                        /**
                         * @description What the question names. Requests that would send the same share an answer.
                         * @default [
                         *       "query",
                         *       "ip",
                         *       "referer",
                         *       "userAgent",
                         *       "stream",
                         *       "protocol"
                         *     ]
                         */
                        sends?: ("query" | "ip" | "referer" | "userAgent" | "stream" | "protocol")[];
                        /**
                         * @description How long an answer that allows holds.
                         * @default 60
                         */
                        cacheSeconds?: number;
                        /**
                         * @description How long an answer that refuses holds.
                         * @default 10
                         */
                        refusedCacheSeconds?: number;
                        /** @default 2000 */
                        timeoutMs?: number;
                        /**
                         * @description What a time-out, no connection or a 5xx means.
                         * @default refuse
                         * @enum {string}
                         */
                        onFailure?: "refuse" | "allow";
                        /** @description Signs each question (`Lectern-Signature`). In no answer; see `signed`. */
                        secret?: string;
                        /** @description Without `secret`: true keeps the one that the policy had for this address, false goes without one. Default: as before. */
                        signed?: boolean;
                    })[];
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEffectivePolicy: {
        parameters: {
            query: {
                level: "installation" | "school" | "course" | "lesson" | "stream" | "recording";
                /** @description The id of the school, course, lesson or recording; APP/NAME of a stream that belongs to no lesson; empty for the installation. */
                id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EffectivePolicy"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explainAccess: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @default play
                     * @enum {string}
                     */
                    action?: "play" | "publish";
                    /**
                     * @description Default: that of the address, where its ending or scheme tells; else rtmp to publish, and hls to watch. still: an image of the stream.
                     * @enum {string}
                     */
                    protocol?: "rtmp" | "flv" | "ws" | "hls" | "mp4" | "still";
                    /** @description The address that was opened, with its link: /live/NAME.flv?…, /vod/ID.m3u8?… */
                    url?: string;
                    /** @description Instead of an address: the lesson's stream. */
                    lessonId?: string;
                    /** @description With lessonId: as if this person had joined, and got the lesson's link. */
                    viewer?: string;
                    ip: string;
                    /**
                     * @description The page that contains the player.
                     * @default null
                     */
                    referer?: string | null;
                    /** @default null */
                    userAgent?: string | null;
                    /**
                     * Format: date-time
                     * @description When; now by default.
                     */
                    at?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        allowed: boolean;
                        /** @description Of the refusal; null where the request is let in. */
                        code: string | null;
                        detail: string | null;
                        /** @description The rule that refuses. */
                        rule: string | null;
                        place: {
                            country: string;
                            province: string;
                            city: string;
                            carrier: string;
                        } | null;
                        /** @description Of every rule, in their order, also of those after a refusal. */
                        decisions: {
                            rule: string;
                            /** @description The policy that has the rule; null for the rules that always hold. */
                            source: components["schemas"]["PolicyTarget"] | null;
                            /** @enum {string} */
                            mode: "enforce" | "dry-run";
                            /** @description allow, pass, skip (it does not apply), or the code of a refusal. */
                            decision: string;
                            detail: string | null;
                        }[];
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    countRefusals: {
        parameters: {
            query?: {
                schoolId?: string;
                from?: string;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        by: "minute" | "hour";
                        items: {
                            /**
                             * Format: date-time
                             * @description Beginning of the minute or hour.
                             */
                            from: string;
                            code: string;
                            /** @description The rule that refused; null where it was none, as for a stream that is not there. */
                            rule: string | null;
                            /** @description The policy that has the rule, as `school ID`. */
                            source: string | null;
                            /** @description The rule is in dry-run: the client was let in. */
                            dryRun: boolean;
                            count: number;
                        }[];
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRefusedRequests: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
                target?: string;
                rule?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: string;
                            /** Format: date-time */
                            at: string;
                            /** @description `live/NAME`, `vod/ID`. */
                            target: string;
                            action: string;
                            protocol: string;
                            ip: string;
                            code: string;
                            /** @description The rule that refused; null where it was none, as for a stream that is not there. */
                            rule: string | null;
                            /** @description The policy that has the rule, as `school ID`. */
                            source: string | null;
                            /** @description The rule is in dry-run: the client was let in. */
                            dryRun: boolean;
                            /** @description What was wrong: the page, the program, the place. */
                            about: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                policyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deletePolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                policyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                policyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    rules: ({
                        /** @constant */
                        kind: "addresses";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        allow?: string[];
                        deny?: string[];
                    } | {
                        /** @constant */
                        kind: "referers";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        allow?: string[];
                        deny?: string[];
                        /**
                         * @default allow
                         * @enum {string}
                         */
                        empty?: "allow" | "refuse";
                    } | {
                        /** @constant */
                        kind: "user-agents";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        /** @default [] */
                        allow?: string[];
                        /** @default [] */
                        deny?: string[];
                        /**
                         * @default allow
                         * @enum {string}
                         */
                        empty?: "allow" | "refuse";
                    } | {
                        /** @constant */
                        kind: "regions";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        allow?: string[];
                        deny?: string[];
                        /**
                         * @default allow
                         * @enum {string}
                         */
                        unknown?: "allow" | "refuse";
                    } | {
                        /** @constant */
                        kind: "carriers";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        /** @default [] */
                        allow?: string[];
                        /** @default [] */
                        deny?: string[];
                        /**
                         * @default allow
                         * @enum {string}
                         */
                        unknown?: "allow" | "refuse";
                    } | {
                        /** @constant */
                        kind: "times";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        timeZone: string;
                        windows: {
                            days: number[];
                            from: string;
                            to: string;
                        }[];
                    } | {
                        /** @constant */
                        kind: "links";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        /** @default false */
                        boundAddress?: boolean;
                        /** @default [] */
                        keys?: string[];
                    } | {
                        /** @constant */
                        kind: "viewers";
                        /** @constant */
                        for: "play";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        /**
                         * @description Of all viewers of a stream or recording; null: any number.
                         * @default null
                         */
                        most?: number | null;
                        /**
                         * @description Connections of one person, or of one link that names nobody, to a stream or recording; null: any number.
                         * @default null
                         */
                        perViewer?: number | null;
                        /**
                         * @description Whether one connection more than `perViewer` is refused, or ends the one that began first.
                         * @default refuse-newest
                         * @enum {string}
                         */
                        over?: "refuse-newest" | "end-oldest";
                    } | {
                        /** @constant */
                        kind: "encryption";
                        /** @constant */
                        for: "play";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        /**
                         * @description So many HLS segments have one key.
                         * @default 5
                         */
                        segmentsPerKey?: number;
                    } | {
                        /** @constant */
                        kind: "watermark";
                        /** @constant */
                        for: "play";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        /**
                         * @description name: of the person; id: a short number that the school can look up.
                         * @default both
                         * @enum {string}
                         */
                        shows?: "name" | "id" | "both";
                        /** @default 0.4 */
                        opacity?: number;
                    } | {
                        /** @constant */
                        kind: "back-end";
                        /**
                         * @description play: watching, live, shifted in time, and recordings.
                         * @enum {string}
                         */
                        for: "play" | "publish";
                        /**
                         * @description replace: rules of this kind and action of farther policies do not count, unless they are locked.
                         * @default add
                         * @enum {string}
                         */
                        combine?: "add" | "replace";
                        /**
                         * @description dry-run: what it would refuse is counted, and let in.
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "dry-run";
                        /**
                         * @description No nearer policy can replace it.
                         * @default false
                         */
                        locked?: boolean;
                        /** @description http or https. Those who may read the policy see it. */
                        url: string;
                        /**
                         * @default POST
                         * @enum {string}
                         */
                        method?: "POST" | "GET" | "HEAD";
                        /**
                         * @description What the question names. Requests that would send the same share an answer.
                         * @default [
                         *       "query",
                         *       "ip",
                         *       "referer",
                         *       "userAgent",
                         *       "stream",
                         *       "protocol"
                         *     ]
                         */
                        sends?: ("query" | "ip" | "referer" | "userAgent" | "stream" | "protocol")[];
                        /**
                         * @description How long an answer that allows holds.
                         * @default 60
                         */
                        cacheSeconds?: number;
                        /**
                         * @description How long an answer that refuses holds.
                         * @default 10
                         */
                        refusedCacheSeconds?: number;
                        /** @default 2000 */
                        timeoutMs?: number;
                        /**
                         * @description What a time-out, no connection or a 5xx means.
                         * @default refuse
                         * @enum {string}
                         */
                        onFailure?: "refuse" | "allow";
                        /** @description Signs each question (`Lectern-Signature`). In no answer; see `signed`. */
                        secret?: string;
                        /** @description Without `secret`: true keeps the one that the policy had for this address, false goes without one. Default: as before. */
                        signed?: boolean;
                    })[];
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAddressLists: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AddressList"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createAddressList: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Without it, an operator's list belongs to no school. */
                    schoolId?: string;
                    name: string;
                    /**
                     * @default entries
                     * @enum {string}
                     */
                    source?: "entries" | "url" | "file";
                    /** @description http or https; it may have a token. */
                    url?: string;
                    /** @description A path on the control node's machine, below a directory of addressLists.files; for operators. */
                    file?: string;
                    /** @description Default: 3600. */
                    refreshSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddressList"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAddressList: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                listId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddressList"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteAddressList: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                listId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeAddressList: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                listId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                    /** @description http or https; it may have a token. */
                    url?: string;
                    /** @description A path on the control node's machine, below a directory of addressLists.files; for operators. */
                    file?: string;
                    refreshSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddressList"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAddressListEntries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                listId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putAddressListEntries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                listId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/plain": string;
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddressList"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeAddressListEntries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                listId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    add?: string[];
                    remove?: string[];
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        list: components["schemas"]["AddressList"];
                        /** @description Entries to remove that the list does not have. They may be part of a network that it has. */
                        notFound: string[];
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLinkKeys: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["LinkKey"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createLinkKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    schoolId?: string;
                    name: string;
                    /**
                     * @description Which system signs the links: docs/links.md.
                     * @enum {string}
                     */
                    scheme: "upyun" | "aliyun-a" | "aliyun-b" | "aliyun-c" | "tencent" | "nginx";
                    /** @description The one that the other system signs with. Default: a new one, of 32 hexadecimal digits. */
                    secret?: string;
                    /** @description Default: 1800 for Aliyun's schemes, 0 for the others. */
                    validSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedLinkKey"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLinkKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                linkKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkKey"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteLinkKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                linkKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeLinkKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                linkKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                    /** @description How long a link goes on after the time that is written in it, as the other system is configured. */
                    validSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkKey"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getProtection: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Protection"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    releaseAddress: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    address: string;
                    /**
                     * @description For this long no measure is taken against the address. Default: an hour.
                     * @default 3600
                     */
                    seconds?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listExemptions: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Exemption"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createExemption: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description An address, a network such as `10.0.0.0/8`, or a list of the installation's addresses as `list:ID`. */
                    network: string;
                    /**
                     * @description Why, for other operators.
                     * @default
                     */
                    note?: string;
                    /**
                     * @description Null: for good.
                     * @default null
                     */
                    until?: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Exemption"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteExemption: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                exemptionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRecordings: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                /** @description The order; with a minus, the reverse one. Default: createdAt. */
                sort?: "createdAt" | "-createdAt" | "startedAt" | "-startedAt" | "title" | "-title" | "updatedAt" | "-updatedAt";
                /** @description Items that were created or changed at this time or later. Ask with a minute's overlap: docs/integrate.md. */
                updatedSince?: string;
                /** @description true: the answer has the number of all items that match. */
                total?: string;
                schoolId?: string;
                lessonId?: string;
                /** @description Part of the title. */
                search?: string;
                /** @description true: lists the bin instead. */
                deleted?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Recording"][];
                        nextCursor: string | null;
                        /** @description Where the request asked for it. */
                        total?: number;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRecording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recordingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recording"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-recording */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteRecording: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                recordingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-recording */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeRecording: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                recordingId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    title?: string;
                    published?: boolean;
                    chapters?: {
                        seconds: number;
                        title: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recording"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-recording */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prefetchRecording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recordingId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description Other nodes that prefetch it too; for operators.
                     * @default []
                     */
                    nodes?: "all" | string[];
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prefetched"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-recording */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description storage-away, database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    clipRecording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recordingId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Seconds. */
                    from: number;
                    /** @description Seconds. */
                    to: number;
                    /** @description Default: the title of the source. */
                    title?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recording"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-recording */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    restoreRecording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recordingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recording"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-recording */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    linkRecording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recordingId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description The lesson's code; guests need it. */
                    code?: string;
                    /** @description A guest's token of the lesson. */
                    token?: string;
                    /** @description The mark of a guest's device, as for joining. */
                    device?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingLinks"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, removed-from-lesson */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-recording, no-such-lesson */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notePlace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recordingId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    seconds: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-recording */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listReplays: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description For If-None-Match (RFC 9110, section 13.1.2); in answers to requests without a credential. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Recording"][];
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-lesson */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    orderDownload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recordingId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description The lesson's code; guests need it. */
                    code?: string;
                    /** @description A guest's token of the lesson. */
                    token?: string;
                    /** @description The mark of a guest's device, as for joining. */
                    device?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Download"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, removed-from-lesson */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-recording, no-such-lesson */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description disk-full, storage-away, database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDownload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recordingId: string;
                downloadId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Download"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-recording, not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description storage-away, database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelDownload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recordingId: string;
                downloadId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-recording, not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description storage-away, database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recordLesson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    action: "start" | "stop";
                };
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        action: "start" | "stop";
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found, no-such-stream */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota-reached */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importPeople: {
        parameters: {
            query?: {
                schoolId?: string;
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importTimetable: {
        parameters: {
            query?: {
                schoolId?: string;
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importOneRosterUsers: {
        parameters: {
            query?: {
                schoolId?: string;
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importOneRosterClasses: {
        parameters: {
            query?: {
                schoolId?: string;
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importOneRosterEnrollments: {
        parameters: {
            query?: {
                schoolId?: string;
            };
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                importId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Webhook"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same request gives the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    schoolId?: string;
                    /** Format: uri */
                    url: string;
                    /**
                     * @description Empty: all but room.chat and room.hand.
                     * @default []
                     */
                    events?: ("lesson.created" | "lesson.changed" | "lesson.deleted" | "lesson.restored" | "lesson.started" | "lesson.ended" | "recording.started" | "recording.ready" | "recording.deleted" | "recording.restored" | "user.created" | "user.changed" | "user.erased" | "course.created" | "course.changed" | "course.deleted" | "import.finished" | "participant.joined" | "check-in.made" | "attendance.absent" | "participant.removed" | "stream.started" | "stream.ended" | "alarm.raised" | "alarm.cleared" | "room.chat" | "room.question" | "room.announcement" | "room.hand" | "room.quiz.opened" | "room.quiz.closed" | "room.signin.closed" | "attendance.ready")[];
                    /** @default true */
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what is changed; refused when somebody changed it since. */
                "If-Match"?: string;
            };
            path: {
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** Format: uri */
                    url?: string;
                    /** @description Empty: all but room.chat and room.hand. */
                    events?: ("lesson.created" | "lesson.changed" | "lesson.deleted" | "lesson.restored" | "lesson.started" | "lesson.ended" | "recording.started" | "recording.ready" | "recording.deleted" | "recording.restored" | "user.created" | "user.changed" | "user.erased" | "course.created" | "course.changed" | "course.deleted" | "import.finished" | "participant.joined" | "check-in.made" | "attendance.absent" | "participant.removed" | "stream.started" | "stream.ended" | "alarm.raised" | "alarm.cleared" | "room.chat" | "room.question" | "room.announcement" | "room.hand" | "room.quiz.opened" | "room.quiz.closed" | "room.signin.closed" | "attendance.ready")[];
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition-failed */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description How long the old secret works beside the new one. Default: one day; at most 30 days.
                     * @default 86400
                     */
                    overlapSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                state?: "pending" | "delivered" | "dead";
            };
            header?: never;
            path: {
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Delivery"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replayDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhookId: string;
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ApiKey"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    schoolId?: string;
                    name: string;
                    scopes: ("schools:read" | "schools:write" | "people:read" | "people:write" | "lessons:read" | "lessons:write" | "recordings:read" | "recordings:write" | "streams:read" | "streams:write" | "sources:read" | "sources:write" | "policies:read" | "policies:write" | "rooms:read" | "rooms:write" | "webhooks:read" | "webhooks:write" | "audit:read" | "system:read" | "system:write" | "publish-keys:write" | "webhook-secrets:write" | "recording-links:write")[];
                    /** Format: date-time */
                    expiresAt?: string;
                    /** @description Default: 6000. */
                    requestsPerMinute?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, recent-sign-in-needed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description How long the old secret works beside the new one. Default: one day; at most 30 days.
                     * @default 86400
                     */
                    overlapSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, recent-sign-in-needed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
                targetId?: string;
                actorId?: string;
                action?: string;
                from?: string;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportAudit: {
        parameters: {
            query?: {
                schoolId?: string;
                lessonId?: string;
                from?: string;
                to?: string;
                /** @description Rows; for attendance, at most 50 lessons. */
                limit?: number;
                /** @description nextCursor of the page before; for CSV, its header Lectern-Next-Cursor. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            [key: string]: unknown;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportAuditCsv: {
        parameters: {
            query?: {
                schoolId?: string;
                lessonId?: string;
                from?: string;
                to?: string;
                /** @description Rows; for attendance, at most 50 lessons. */
                limit?: number;
                /** @description nextCursor of the page before; for CSV, its header Lectern-Next-Cursor. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportParticipants: {
        parameters: {
            query?: {
                schoolId?: string;
                lessonId?: string;
                from?: string;
                to?: string;
                /** @description Rows; for attendance, at most 50 lessons. */
                limit?: number;
                /** @description nextCursor of the page before; for CSV, its header Lectern-Next-Cursor. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            [key: string]: unknown;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportParticipantsCsv: {
        parameters: {
            query?: {
                schoolId?: string;
                lessonId?: string;
                from?: string;
                to?: string;
                /** @description Rows; for attendance, at most 50 lessons. */
                limit?: number;
                /** @description nextCursor of the page before; for CSV, its header Lectern-Next-Cursor. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportAttendance: {
        parameters: {
            query?: {
                schoolId?: string;
                lessonId?: string;
                from?: string;
                to?: string;
                /** @description Rows; for attendance, at most 50 lessons. */
                limit?: number;
                /** @description nextCursor of the page before; for CSV, its header Lectern-Next-Cursor. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            [key: string]: unknown;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportAttendanceCsv: {
        parameters: {
            query?: {
                schoolId?: string;
                lessonId?: string;
                from?: string;
                to?: string;
                /** @description Rows; for attendance, at most 50 lessons. */
                limit?: number;
                /** @description nextCursor of the page before; for CSV, its header Lectern-Next-Cursor. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPersonArchive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonArchive"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    eraseUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The person's login, so that nobody is erased by mistake. */
                    login: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description The version, for If-Match (RFC 9110, section 8.8.3). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    eraseParticipant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
                participantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createMyCalendar: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarAddress"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCalendar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                secret: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/calendar": string;
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAlarms: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
                schoolId?: string;
                /** @description true: only open alarms; false: only cleared ones. */
                open?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Alarm"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getChallenge: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Challenge"];
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    solveChallenge: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The challenge with its `number`: JSON, in base64 */
                    payload: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule, bad-challenge */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listStreams: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Stream"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLessonStream: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lessonId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        stream: components["schemas"]["Stream"] | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endStream: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-stream */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recordStream: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    action: "start" | "stop";
                };
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        action: "start" | "stop";
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-stream */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota-reached */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                kind?: "ladder" | "pull" | "forward";
                state?: "waiting" | "starting" | "running" | "retrying" | "refused";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Job"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description database-away */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listNodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Node"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drainNode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                nodeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        draining: boolean;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    undrainNode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                nodeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        draining: boolean;
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prefetchStream: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Default: all nodes. */
                    nodes?: string[];
                };
            };
        };
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The nodes that fetch it. */
                        nodes: string[];
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not-signed-in, bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-stream */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    dispatchPlay: {
        parameters: {
            query: {
                /** @description `APP/NAME` */
                stream: string;
                /** @description The address of another client; for operators. */
                ip?: string;
                protocol?: "flv" | "ws" | "hls" | "rtmp";
                /** @description Adds how each node was rated; for operators. */
                explain?: "1";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        candidates: components["schemas"]["Candidate"][];
                        explanation?: components["schemas"]["DispatchExplanation"];
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-stream */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description full */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    dispatchPublish: {
        parameters: {
            query: {
                /** @description `APP/NAME` */
                stream: string;
                /** @description The address of another client; for operators. */
                ip?: string;
                protocol?: "flv" | "ws" | "hls" | "rtmp";
                /** @description Adds how each node was rated; for operators. */
                explain?: "1";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        candidates: components["schemas"]["Candidate"][];
                        explanation?: components["schemas"]["DispatchExplanation"];
                    };
                };
            };
            /** @description bad-request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description bad-credential */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description refused-by-rule */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no-such-stream */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too-many */
            429: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal-error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description full */
            503: {
                headers: {
                    /** @description Seconds until the request may be repeated (RFC 9110, section 10.2.3). */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
