/// Links as they are found in the wild, each with the path of the one address that this program uses for it.
enum LinkForms {
    static let all: [(text: String, path: String)] =
        watching + shortened + embedded + wrapped + lists + channels + names + bare + dressed

    static let watching = [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("http://www.youtube.com/watch?v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://youtube.com/watch?v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("www.youtube.com/watch?v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("youtube.com/watch?v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("//www.YouTube.com/watch?v=yZIXLfi8CZQ", "/watch?v=yZIXLfi8CZQ"),
        ("HTTPS://WWW.YOUTUBE.COM/watch?v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com:443/watch?v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("http://youtube.com:80/watch?v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://m.youtube.com/watch?v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://music.youtube.com/watch?v=MgNrAu2pzNs&si=4jH7tq", "/watch?v=MgNrAu2pzNs"),
        ("https://gaming.youtube.com/watch?v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch/?v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch/dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?vi=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch_popup?v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/?v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("http://www.youtube.com/?feature=player_embedded&v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("http://www.youtube.com/ytscreeningroom?v=NRHVzbJVx8I", "/watch?v=NRHVzbJVx8I"),
        ("https://www.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?hl=en-GB&gl=GB&v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&ab_channel=Rick%20Astley", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&ab_channel=100%", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&pp=ygUJcmljayByb2xs", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&lc=UgxNq1A2-bC3dE4fG5h4AaABAg", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?feature=player_embedded&amp;amp;v=V36LpHqtcDY", "/watch?v=V36LpHqtcDY"),
        (
            "https://www.youtube.com/watch?list=PL6IaIsEjSbf96XFRuNccS_RuEXwNdsoEu&amp;v=CsmdDsKjzN8",
            "/watch?v=CsmdDsKjzN8&list=PL6IaIsEjSbf96XFRuNccS_RuEXwNdsoEu"
        ),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ?t=90", "/watch?v=dQw4w9WgXcQ&t=90s"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=43", "/watch?v=dQw4w9WgXcQ&t=43s"),
        ("https://www.youtube.com/watch?t=43s&v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ&t=43s"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1h2m3s", "/watch?v=dQw4w9WgXcQ&t=3723s"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&start=30&end=60", "/watch?v=dQw4w9WgXcQ&t=30s"),
        (
            "https://www.youtube.com/watch?time_continue=9&v=dQw4w9WgXcQ&feature=emb_logo",
            "/watch?v=dQw4w9WgXcQ&t=9s"
        ),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ#t=1m30s", "/watch?v=dQw4w9WgXcQ&t=90s"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ#comments", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=soon", "/watch?v=dQw4w9WgXcQ"),
        (
            "https://www.youtube.com/watch?v=FqZTN594JQw&list=PLMYEtVRpaqY00V9W81Cwmzp6N6vZqfUKD4&index=2",
            "/watch?v=FqZTN594JQw&list=PLMYEtVRpaqY00V9W81Cwmzp6N6vZqfUKD4"
        ),
        (
            "https://www.youtube.com/watch?list=PLW4dVinRY435CBE_JD3t-0SRXKfnZHS1P&feature=youtu.be&v=M9cJMXmQ_ZU",
            "/watch?v=M9cJMXmQ_ZU&list=PLW4dVinRY435CBE_JD3t-0SRXKfnZHS1P"
        ),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=RDdQw4w9WgXcQ&start_radio=1", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=WL&index=12", "/watch?v=dQw4w9WgXcQ"),
        ("https://m.youtube.com/#/watch?v=dQw4w9WgXcQ&t=5", "/watch?v=dQw4w9WgXcQ&t=5s"),
        ("https://www.youtube.com/tv#/watch?v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("http://www.youtube.com/user/Scobleizer#p/u/1/1p3vcRhsYGo", "/watch?v=1p3vcRhsYGo"),
    ]

    static let shortened = [
        ("https://youtu.be/dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("http://youtu.be/dQw4w9WgXcQ/", "/watch?v=dQw4w9WgXcQ"),
        ("youtu.be/dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtu.be/dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ?si=Wq3cF1nA9bT2kLmP", "/watch?v=dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ?t=1m30", "/watch?v=dQw4w9WgXcQ&t=90s"),
        ("https://youtu.be/dQw4w9WgXcQ?si=abc&t=43", "/watch?v=dQw4w9WgXcQ&t=43s"),
        ("https://youtu.be/dQw4w9WgXcQ&feature=channel", "/watch?v=dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ%3Ft=20", "/watch?v=dQw4w9WgXcQ&t=20s"),
        (
            "https://youtu.be/yeWKywCrFtk?list=PL2qgrgXsNUG5ig9cat4ohreBjYLAPC0J5",
            "/watch?v=yeWKywCrFtk&list=PL2qgrgXsNUG5ig9cat4ohreBjYLAPC0J5"
        ),
        ("https://youtu.be/uWyaPkt-VOI?list=PL9D9FC436B881BA21", "/watch?v=uWyaPkt-VOI&list=PL9D9FC436B881BA21"),
        ("https://youtu.be/watch?v=dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/shorts/18NGQq7p3LY", "/watch?v=18NGQq7p3LY"),
        ("https://youtube.com/shorts/BGQWPY4IigY?feature=share", "/watch?v=BGQWPY4IigY"),
        ("https://m.youtube.com/shorts/sSM9J5YH_60", "/watch?v=sSM9J5YH_60"),
        ("https://www.youtube.com/live/qVv6vCqciTM", "/watch?v=qVv6vCqciTM"),
        ("https://www.youtube.com/live/qVv6vCqciTM?si=x&t=1200s", "/watch?v=qVv6vCqciTM&t=1200s"),
        ("youtube.com/live/qVv6vCqciTM?cbrd=1", "/watch?v=qVv6vCqciTM"),
    ]

    static let embedded = [
        ("https://www.youtube.com/embed/CsmdDsKjzN8", "/watch?v=CsmdDsKjzN8"),
        ("https://www.youtube.com/embed/dQw4w9WgXcQ?start=75&autoplay=1&rel=0", "/watch?v=dQw4w9WgXcQ&t=75s"),
        ("//www.youtube.com/embed/dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0", "/watch?v=dQw4w9WgXcQ"),
        ("https://youtube-nocookie.com/v/dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        (
            "http://www.youtube.com/embed/_xDOZElKyNU?list=PLsyOSbh5bs16vubvKePAQ1x3PhKavfBIl",
            "/watch?v=_xDOZElKyNU&list=PLsyOSbh5bs16vubvKePAQ1x3PhKavfBIl"
        ),
        (
            "https://www.youtube.com/embed/videoseries?list=PL6IaIsEjSbf96XFRuNccS_RuEXwNdsoEu",
            "/playlist?list=PL6IaIsEjSbf96XFRuNccS_RuEXwNdsoEu"
        ),
        (
            "https://www.youtube.com/embed?listType=playlist&list=PLC77007E23FF423C6",
            "/playlist?list=PLC77007E23FF423C6"
        ),
        ("https://www.youtube.com/embed?listType=user_uploads&list=GoogleDevelopers", "/user/GoogleDevelopers"),
        (
            "https://www.youtube.com/embed/live_stream?channel=UC2_KI6RB__jGdlnK6dvFEZA",
            "/channel/UC2_KI6RB__jGdlnK6dvFEZA"
        ),
        ("https://www.youtube.com/v/dQw4w9WgXcQ?version=3&autohide=1", "/watch?v=dQw4w9WgXcQ"),
        ("http://www.youtube.com/v/dQw4w9WgXcQ&feature=youtube_gdata_player", "/watch?v=dQw4w9WgXcQ"),
        ("http://www.youtube.com/vi/dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("http://www.youtube.com/e/dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/w/dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"),
    ]

    static let wrapped = [
        (
            "https://www.youtube.com/attribution_link?a=8g8kPrPIi-ecwIsS&u=/watch%3Fv%3DyZv2daTWRZU%26feature%3Dem-uploademail",
            "/watch?v=yZv2daTWRZU"
        ),
        (
            "http://www.youtube.com/attribution_link?u=%2Fwatch%3Fv%3DEhxJLojIE_o%26t%3D12&a=JdfC0C9V6ZI",
            "/watch?v=EhxJLojIE_o&t=12s"
        ),
        (
            "https://www.youtube.com/oembed?url=http%3A//www.youtube.com/watch?v%3DdQw4w9WgXcQ&format=json",
            "/watch?v=dQw4w9WgXcQ"
        ),
        (
            "https://www.youtube.com/oembed?format=xml&url=https%3A%2F%2Fyoutu.be%2FdQw4w9WgXcQ",
            "/watch?v=dQw4w9WgXcQ"
        ),
        (
            "https://www.youtube.com/redirect?event=video_description&q=https%3A%2F%2Fwww.youtube.com%2F%40veritasium",
            "/@veritasium"
        ),
        (
            "https://www.youtube.com/redirect?q=https%3A%2F%2Fyoutu.be%2FdQw4w9WgXcQ&v=aaaaaaaaaaA",
            "/watch?v=dQw4w9WgXcQ"
        ),
        (
            "https://www.youtube.com/signin?next=%2Fplaylist%3Flist%3DPLC77007E23FF423C6&hl=en",
            "/playlist?list=PLC77007E23FF423C6"
        ),
        (
            "https://consent.youtube.com/m?continue=https%3A%2F%2Fwww.youtube.com%2Flive%2FqVv6vCqciTM%3Fcbrd%3D1&gl=NL&m=0",
            "/watch?v=qVv6vCqciTM"
        ),
    ]

    static let lists = [
        (
            "https://www.youtube.com/playlist?list=PLOU2XLYxmsIJXsH2htG1g0NUjHGq62Q7i",
            "/playlist?list=PLOU2XLYxmsIJXsH2htG1g0NUjHGq62Q7i"
        ),
        ("youtube.com/playlist?list=PLBB231211A4F62143&si=x", "/playlist?list=PLBB231211A4F62143"),
        ("https://www.youtube.com/watch?list=PLBB231211A4F62143", "/playlist?list=PLBB231211A4F62143"),
        (
            "https://www.youtube.com/playlist?list=UUBABnxM4Ar9ten8Mdjj1j0Q",
            "/playlist?list=UUBABnxM4Ar9ten8Mdjj1j0Q"
        ),
        (
            "https://www.youtube.com/playlist?list=UUMOXuqSBlHAE6Xw-yeJA0Tunw",
            "/playlist?list=UUMOXuqSBlHAE6Xw-yeJA0Tunw"
        ),
        (
            "https://music.youtube.com/playlist?list=OLAK5uy_m4xAFdmMC5rX3Ji3g93pQe3hqLZw_9LhM",
            "/playlist?list=OLAK5uy_m4xAFdmMC5rX3Ji3g93pQe3hqLZw_9LhM"
        ),
        (
            "https://music.youtube.com/browse/VLPLRBp0Fe2GpgmgoscNFLxNyBVSFVdYmFkq",
            "/playlist?list=PLRBp0Fe2GpgmgoscNFLxNyBVSFVdYmFkq"
        ),
        (
            "https://www.youtube.com/playlist?list=ECUl4u3cNGP61MdtwGTqZA0MreSaDybji8",
            "/playlist?list=PLUl4u3cNGP61MdtwGTqZA0MreSaDybji8"
        ),
        ("http://www.youtube.com/view_play_list?p=BB231211A4F62143", "/playlist?list=PLBB231211A4F62143"),
        (
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PLBB231211A4F62143",
            "/playlist?list=PLBB231211A4F62143"
        ),
    ]

    static let channels = [
        ("https://www.youtube.com/channel/UC_x5XG1OV2P6uZZ5FSM9Ttw", "/channel/UC_x5XG1OV2P6uZZ5FSM9Ttw"),
        ("youtube.com/channel/UCsXVk37bltHxD1rDPwtNM8Q/videos", "/channel/UCsXVk37bltHxD1rDPwtNM8Q"),
        (
            "https://www.youtube.com/channel/UCTwECeGqMZee77BjdoYtI2Q/videos?view=0&sort=p&flow=grid",
            "/channel/UCTwECeGqMZee77BjdoYtI2Q"
        ),
        ("https://m.youtube.com/channel/UC1yBKRuGpC1tSM73A0ZjYjQ/live", "/channel/UC1yBKRuGpC1tSM73A0ZjYjQ"),
        ("https://music.youtube.com/channel/UCmlqkdCBesrv2Lak1mF_MxA", "/channel/UCmlqkdCBesrv2Lak1mF_MxA"),
        ("https://music.youtube.com/browse/UC1a8OFewdjuLq6KlF8M_8Ng", "/channel/UC1a8OFewdjuLq6KlF8M_8Ng"),
        (
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCsXVk37bltHxD1rDPwtNM8Q",
            "/channel/UCsXVk37bltHxD1rDPwtNM8Q"
        ),
        ("https://www.youtube.com/@kurzgesagt", "/@kurzgesagt"),
        ("youtube.com/@kurzgesagt", "/@kurzgesagt"),
        ("https://m.youtube.com/@kurzgesagt?si=abc", "/@kurzgesagt"),
        ("https://www.youtube.com/@kurzgesagt/videos", "/@kurzgesagt"),
        ("https://www.youtube.com/@NotJustBikes/shorts", "/@NotJustBikes"),
        ("https://www.youtube.com/@sbcitygov/streams", "/@sbcitygov"),
        ("https://www.youtube.com/@3blue1brown/playlists?view=1", "/@3blue1brown"),
        ("https://www.youtube.com/@AHimitsu/featured", "/@AHimitsu"),
        ("https://www.youtube.com/@99percentinvisiblepodcast/podcasts", "/@99percentinvisiblepodcast"),
        ("https://www.youtube.com/@3blue1brown/search?query=linear%20algebra", "/@3blue1brown"),
        ("https://www.youtube.com/@sergeym.6173", "/@sergeym.6173"),
        ("https://www.youtube.com/@TwoStepsFromHell-Official", "/@TwoStepsFromHell-Official"),
        ("https://www.youtube.com/@ShortsBreak_Official/", "/@ShortsBreak_Official"),
        (
            "https://www.youtube.com/@\u{4E2D}\u{6751}\u{60A0}\u{4E00}\u{306E}\u{3042}\u{305D}\u{3073}\u{3070}",
            "/@%E4%B8%AD%E6%9D%91%E6%82%A0%E4%B8%80%E3%81%AE%E3%81%82%E3%81%9D%E3%81%B3%E3%81%B0"
        ),
        ("https://www.youtube.com/@%EC%9C%BC%EC%95%84-v1k", "/@%EC%9C%BC%EC%95%84-v1k"),
    ]

    static let names = [
        ("https://www.youtube.com/c/3blue1brown", "/c/3blue1brown"),
        ("https://www.youtube.com/c/ChristophLaimer/playlists", "/c/ChristophLaimer"),
        (
            "https://www.youtube.com/c/\u{418}\u{433}\u{43E}\u{440}\u{44C}/playlists?view=1&flow=grid",
            "/c/%D0%98%D0%B3%D0%BE%D1%80%D1%8C"
        ),
        ("https://www.youtube.com/c/%E5%88%98%E5%AD%90/videos", "/c/%E5%88%98%E5%AD%90"),
        ("https://www.youtube.com/user/numberphile", "/user/numberphile"),
        ("http://www.youtube.com/user/NASAgovVideo/videos", "/user/NASAgovVideo"),
        ("https://www.youtube.com/user/theCodyReeder/videos?view=0&sort=da&flow=grid", "/user/theCodyReeder"),
        ("https://www.youtube.com/feeds/videos.xml?user=Kurzgesagt", "/user/Kurzgesagt"),
        ("http://www.youtube.com/NASAgovVideo/videos", "/c/NASAgovVideo"),
        ("https://www.youtube.com/TheYoungTurks/live", "/c/TheYoungTurks"),
        ("youtube.com/LinusTechTips", "/c/LinusTechTips"),
    ]

    static let bare = [
        ("dQw4w9WgXcQ", "/watch?v=dQw4w9WgXcQ"), ("-_-_-_-_-_0", "/watch?v=-_-_-_-_-_0"),
        ("_xDOZElKyNU", "/watch?v=_xDOZElKyNU"), ("1t24XAntNCY", "/watch?v=1t24XAntNCY"),
        ("UCsXVk37bltHxD1rDPwtNM8Q", "/channel/UCsXVk37bltHxD1rDPwtNM8Q"),
        ("UC_x5XG1OV2P6uZZ5FSM9Ttw", "/channel/UC_x5XG1OV2P6uZZ5FSM9Ttw"),
        ("PLBB231211A4F62143", "/playlist?list=PLBB231211A4F62143"),
        ("PLtPgu7CB4gbY9oDN3drwC3cMbJggS7dKl", "/playlist?list=PLtPgu7CB4gbY9oDN3drwC3cMbJggS7dKl"),
        ("UUsXVk37bltHxD1rDPwtNM8Q", "/playlist?list=UUsXVk37bltHxD1rDPwtNM8Q"),
        ("UULFsXVk37bltHxD1rDPwtNM8Q", "/playlist?list=UULFsXVk37bltHxD1rDPwtNM8Q"),
        ("OLAK5uy_m4xAFdmMC5rX3Ji3g93pQe3hqLZw_9LhM", "/playlist?list=OLAK5uy_m4xAFdmMC5rX3Ji3g93pQe3hqLZw_9LhM"),
        ("@UCLA", "/@UCLA"), ("@john.doe", "/@john.doe"), ("@a-b_c.d", "/@a-b_c.d"),
        ("@kurzgesagt/videos", "/@kurzgesagt"),
        ("@dQw4w9WgXcQ", "/@dQw4w9WgXcQ"), ("@UCsXVk37bltHxD1rDPwtNM8Q", "/@UCsXVk37bltHxD1rDPwtNM8Q"),
        ("@caf\u{E9}", "/@caf%C3%A9"), ("@cafe\u{301}", "/@caf%C3%A9"), ("@col\u{B7}lectiu", "/@col%C2%B7lectiu"),
        ("@\u{939}\u{93F}\u{928}\u{94D}\u{926}\u{940}", "/@%E0%A4%B9%E0%A4%BF%E0%A4%A8%E0%A5%8D%E0%A4%A6%E0%A5%80"),
    ]

    static let dressed = [
        ("  https://youtu.be/dQw4w9WgXcQ \n", "/watch?v=dQw4w9WgXcQ"),
        ("\u{202A}https://youtu.be/dQw4w9WgXcQ\u{202C}", "/watch?v=dQw4w9WgXcQ"),
        ("\u{200F}@UCLA\u{200E}", "/@UCLA"), ("\u{FEFF}dQw4w9WgXcQ\u{200B}", "/watch?v=dQw4w9WgXcQ"),
        ("\u{2066}UCsXVk37bltHxD1rDPwtNM8Q\u{2069}", "/channel/UCsXVk37bltHxD1rDPwtNM8Q"),
        ("<https://youtu.be/dQw4w9WgXcQ>", "/watch?v=dQw4w9WgXcQ"), ("\"dQw4w9WgXcQ\"", "/watch?v=dQw4w9WgXcQ"),
        ("(https://www.youtube.com/@john.doe).", "/@john.doe"),
        ("\u{A0}https://www.youtube.com/playlist?list=PLBB231211A4F62143,", "/playlist?list=PLBB231211A4F62143"),
    ]
}
