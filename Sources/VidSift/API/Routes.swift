internal import Hummingbird

extension API {
    /// The site map.
    func addRoutes(to router: Router<APIContext>) {
        // Questions and conversations
        router.post("api/chat", use: answerAsAsked)
        router.post("api/chat/stream", use: streamAnswer)
        router.post("api/chat/channel/stream", use: streamChannelAnswer)
        router.get("api/chat/runs/:runId/stream", use: resumeAnswer)
        router.post("api/chat/runs/:runId/stop", use: stopAnswer)
        router.get("api/chat/:chatId/stream", use: resumeChat)
        router.post("api/chat/sessions", use: createSession)
        router.get("api/chat/sessions/:id/messages", use: listMessages)
        router.delete("api/chat/sessions/:id", use: deleteSession)
        router.get("api/chat-sessions/recent", use: recentSessions)
        router.post("v1/chat/completions", use: createChatCompletion)
        router.get("v1/models", use: listModels)

        // The library
        router.get("api/search", use: search)
        router.get("api/videos", use: listVideos)
        router.post("api/videos/process", use: processVideo)
        router.post("api/videos/upload", use: uploadVideo)
        router.get("api/videos/:id", use: getVideo)
        router.delete("api/videos/:id", use: deleteVideo)
        router.get("api/videos/:id/transcript", use: getTranscript)
        router.get("api/videos/:id/summary", use: getSummary)
        router.get("api/channels", use: listChannels)
        router.post("api/channels/process", use: processChannel)
        router.get("api/channels/:id/videos", use: listChannelVideos)
        router.get("api/channels/:id/status", use: channelStatus)
        router.get("api/channels/:id/events", use: followChannel)
        router.delete("api/channels/:id", use: deleteChannel)

        // The queue
        router.post("api/queue/video", use: queueVideo)
        router.post("api/queue/channel", use: queueChannel)
        router.post("api/queue/process-videos", use: processVideos)
        router.get("api/queue/status", use: queueStatus)
        router.get("api/queue/position/:queueItemId", use: queuePosition)
        router.get("api/queue/items", use: listItems)
        router.get("api/queue/items/:id", use: getItem)
        router.get("api/queue/items/:id/events", use: followItem)
        router.post("api/queue/items/:id/cancel", use: cancelItem)
        router.post("api/queue/items/:id/retry", use: retryItem)

        // Pages for people
        router.get("/", use: libraryPage)
        router.get("videos/:id", use: transcriptPage)
        router.get("channels/:id", use: channelPage)
        router.get("unsubscribe", use: unsubscribePage)
        router.post("unsubscribe", use: unsubscribe)

        // Operations
        router.get("health", use: live)
        router.get("livez", use: live)
        router.get("readyz", use: ready)
        router.get("api/cron/status", use: cronStatus)
        router.post("api/monitor/trigger-cron", use: triggerCron)
        router.get("openapi.yaml", use: openAPIDocument)
    }
}

extension Router<APIContext> {
    private static let knownMethods: [HTTPRequest.Method] =
        [
            .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect,
        ] + [HTTPRequest.Method("QUERY")].compactMap(\.self)

    /// Lets each path answer the methods that it doesn't know with 405 and those that it knows.
    func refuseOtherMethods() {
        for (path, routes) in Dictionary(grouping: routes, by: \.path.description) {
            var known = Set(routes.map(\.method))
            if known.contains(.get) { known.insert(.head) }
            let allowed = known.map(\.rawValue).sorted().joined(separator: ", ")
            for method in Self.knownMethods where !known.contains(method) {
                on(RouterPath(path), method: method) { _, _ -> Response in
                    throw Problem.methodNotAllowed(method.rawValue, allowed: allowed)
                }
            }
        }
    }
}
