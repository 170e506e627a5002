/// Which of many times can be believed.
enum OrderedTimes {
    /// The most of `times` that go upwards (or stay), as flags; what is missing is never one of them.
    ///
    /// One time that is far off is left out, and not all that follow it. (Longest non-decreasing subsequence.)
    static func areOrdered(_ times: [AudioTime?]) -> [Bool] {
        // tails[n] is the index of the smallest time with which a run of n + 1 ends.
        var tails: [Int] = []
        var previous = [Int?](repeating: nil, count: times.count)
        for (index, time) in times.enumerated() {
            guard let time else { continue }
            let place = place(of: time, in: tails, times)
            previous[index] = place > 0 ? tails[place - 1] : nil
            if place == tails.count { tails.append(index) } else { tails[place] = index }
        }
        var flags = [Bool](repeating: false, count: times.count)
        var index = tails.last
        while let current = index {
            flags[current] = true
            index = previous[current]
        }
        return flags
    }

    /// The first run that ends later than `time`.
    private static func place(of time: AudioTime, in tails: [Int], _ times: [AudioTime?]) -> Int {
        var low = 0
        var high = tails.count
        while low < high {
            let middle = (low + high) / 2
            if let tail = times[tails[middle]], tail > time { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// `items` in the order of their times; one without a time stays behind the one before it.
    static func sorted<Item>(_ items: [Item], by time: (Item) -> AudioTime?) -> [Item] {
        var latest = AudioTime.zero
        let keyed = items.map { item -> (time: AudioTime, item: Item) in
            latest = time(item) ?? latest
            return (latest, item)
        }
        return keyed.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element.item)
    }
}
