"""Sound and pictures without Django: RTMP, FLV, ffmpeg, playlists, files; a file per subject."""
