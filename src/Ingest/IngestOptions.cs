using System.Globalization;
using Movento.Ingest.Ladder;
using Movento.Ingest.Tools;
using Movento.Ingest.Webhooks;

namespace Movento.Ingest;

/// <summary>What an operator decides about ingest. Every bound of an upload, a job and a tool is here.</summary>
public sealed class IngestOptions
{
    /// <summary>The most bytes of one upload.</summary>
    public long MaxUploadBytes { get; set; } = 64L << 30;

    /// <summary>Uploads received at the same time by one process; the next one is answered 503.</summary>
    public int MaxConcurrentUploads { get; set; } = 256;

    /// <summary>The most bytes of sources that one team may have, uploads under way included; zero: no limit.</summary>
    public long MaxTeamBytes { get; set; }

    /// <summary>The most unfinished uploads that one team may have, interrupted ones included; the next one is answered 429.</summary>
    public int MaxTeamUploads { get; set; } = 500;

    /// <summary>How long an interrupted upload is kept after its last byte, and how long a finished one's outcome can be asked for.</summary>
    public TimeSpan UploadLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a URL for sending a part straight to the object store can be used.</summary>
    public TimeSpan DirectUrlLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>An upload or a removal whose process has not been heard of for so long is swept away.</summary>
    public TimeSpan AbandonedAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a version's objects stay after another one has replaced it: playback tokens name versions, so longer than any of them lives, a
    /// film's length and an hour or <c>ControlPlane:PlaybackTokenLifetime</c>.
    /// </summary>
    public TimeSpan RetiredVersionGrace { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Webhooks.</summary>
    public WebhookOptions Webhooks { get; set; } = new();

    /// <summary>Event streams open at the same time in one process; the next one is answered 503.</summary>
    public int MaxEventStreams { get; set; } = 256;

    /// <summary>Where jobs work; everything in it may be deleted at any start. Needs room for the source and its ladder.</summary>
    public string WorkFolder { get; set; } = Path.Combine(Path.GetTempPath(), "movento-ingest");

    /// <summary>The ffmpeg executable: a path, or a name to look for on PATH.</summary>
    public string FfmpegPath { get; set; } = "ffmpeg";

    /// <summary>The ffprobe executable: a path, or a name to look for on PATH.</summary>
    public string FfprobePath { get; set; } = "ffprobe";

    /// <summary>
    /// Encodes at the same time in one process; 0 for as many as it has processors. Each runs on one thread: two such encodes of two chunks do more a
    /// second than one on two threads.
    /// </summary>
    public int Concurrency { get; set; }

    /// <summary><see cref="Concurrency"/> as a number of encodes.</summary>
    internal int Encodes => Concurrency > 0 ? Concurrency : Environment.ProcessorCount;

    /// <summary>Films that one process coordinates at the same time: their encodes share the same workers. Zero: it takes none, and they wait.</summary>
    public int Films { get; set; } = 4;

    /// <summary>How often a worker looks for jobs whose wake-up call was lost.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A worker that has not renewed its lease for so long is believed dead, and its job is given to another.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>As <see cref="Lease"/>, of one task of an encode: with <see cref="PollInterval"/>, the time until another worker takes a dead one's chunk.</summary>
    public TimeSpan TaskLease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Of a film that is longer than twice this, the first rung of so much is encoded before all others, so that it can be watched while the complexity
    /// of the film is measured. What is encoded so is decoded twice.
    /// </summary>
    public TimeSpan FirstRungAhead { get; set; } = TimeSpan.FromSeconds(16);

    /// <summary>How often a job may take its worker down with it before it is rejected.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>How long a job waits after a first failure; doubled at each further one, up to five minutes.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest film.</summary>
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromHours(12);

    /// <summary>The longest that one picture may stand; a film with a longer one is rejected, because its times cannot be right.</summary>
    public TimeSpan MaxFrameGap { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The most pixels of one picture: 8192 × 4320 by default.</summary>
    public long MaxPixels { get; set; } = 8192L * 4320;

    /// <summary>The most audio tracks that become renditions; further ones are left out.</summary>
    public int MaxAudioTracks { get; set; } = 16;

    /// <summary>The most tracks of subtitles that become renditions; further ones are left out.</summary>
    public int MaxSubtitleTracks { get; set; } = 32;

    /// <summary>The time limit of a probe, which reads the headers and the first packets.</summary>
    public TimeSpan ProbeTimeLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The time limit of an encode, whatever the film's length; <see cref="EncodeTimePerMediaTime"/> is added.</summary>
    public TimeSpan EncodeTimeFloor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Seconds of encode allowed for each second of film.</summary>
    public double EncodeTimePerMediaTime { get; set; } = 30;

    /// <summary>
    /// The memory that an encode is to fit in, in bytes: those of one process together take as many times this as <see cref="Concurrency"/> says. The rungs of
    /// large pictures are encoded in several runs of ffmpeg, each of which may take the place of several encodes. Estimated, so no limit that kills.
    /// </summary>
    public long EncodeMemoryBytes { get; set; } = 512L << 20;

    /// <summary>The address space of one tool, in bytes. A ladder from 2160p takes about 3 GiB.</summary>
    public long ToolMemoryBytes { get; set; } = 12L << 30;

    /// <summary>Whether tools run in a sandbox of bubblewrap: auto, required or off.</summary>
    public SandboxUse Sandbox { get; set; } = SandboxUse.Auto;

    /// <summary>Added to the niceness of every tool, so that a serving process on the same machine goes first.</summary>
    public int ToolNiceness { get; set; } = 10;

    /// <summary>
    /// x264's preset. Measured on 6 s of Big Buck Bunny 720p with three rungs below it, the processor's seconds and the 720p rung:
    /// superfast 2.6 s, 1144 KB, SSIM 0.9928; veryfast 3.6 s, 692 KB, 0.9920; faster 5.8 s, 831 KB, 0.9934.
    /// </summary>
    public string X264Preset { get; set; } = "veryfast";

    /// <summary>x264's constant rate factor, capped by each rung's peak bitrate.</summary>
    public double ConstantRateFactor { get; set; } = 22;

    /// <summary>How the ladder is chosen: per-title (bits as each film needs them), or fixed (by the size of its pictures alone).</summary>
    public string Ladder { get; set; } = PerTitle;

    /// <summary>The codecs of the rungs, with commas between: h264, which every player plays and must be there, and hevc or av1 beside it.</summary>
    public string Codecs { get; set; } = "h264";

    /// <summary>x265's preset.</summary>
    public string X265Preset { get; set; } = "veryfast";

    /// <summary>
    /// x265's constant rate factor, capped by each rung's peak bitrate. At 720p of three films, drawn and filmed, x264's 22 has the SSIM of 23.0 to 24.6 here.
    /// </summary>
    public double HevcConstantRateFactor { get; set; } = 24;

    /// <summary>SVT-AV1's preset, from 0 (slow) to 13.</summary>
    public int SvtAv1Preset { get; set; } = 10;

    /// <summary>SVT-AV1's constant rate factor, capped by each rung's peak bitrate. Of the same films, x264's 22 has the SSIM of 30.8 to 32.6 here.</summary>
    public double Av1ConstantRateFactor { get; set; } = 32;

    /// <summary>Time between keyframes, the same on every rung.</summary>
    public TimeSpan KeyframeInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The length of a segment; a multiple of <see cref="KeyframeInterval"/>.</summary>
    public TimeSpan SegmentDuration { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>How renditions are encrypted: none, cbcs or cenc (for ClearKey), or aes-128 (HLS only). Subtitles and pictures stay in the clear.</summary>
    public string Encryption { get; set; } = "none";

    /// <summary>How long one content key serves within a film: zero for all of it, else a multiple of <see cref="SegmentDuration"/>.</summary>
    public TimeSpan KeyPeriod { get; set; }

    /// <summary>Whether sound of more than two channels becomes a rendition in 5.1 too, beside the one in stereo.</summary>
    public bool Surround { get; set; } = true;

    /// <summary>What 5.1 is encoded in: aac, which every player of this decade decodes, or eac3 (Dolby Digital Plus), which television sets pass on.</summary>
    public string SurroundCodec { get; set; } = "aac";

    /// <summary>
    /// Whether sound that is AC-3 or E-AC-3 (Dolby Digital, Dolby Digital Plus) in the source becomes a rendition as it is, beside the AAC that is made of it. Not
    /// where <see cref="Loudness"/> is wanted. 5.1 of E-AC-3 is then made in AAC, whatever <see cref="SurroundCodec"/> is.
    /// </summary>
    public bool PassDolby { get; set; }

    /// <summary>
    /// How loud all sound is made: none for as it is, or a loudness in LUFS such as -23 (EBU R 128) or -16. One gain for a whole track, with true peaks
    /// held at -1 dBTP; it takes a pass over the sound before it is encoded, beside the encode of the pictures, so that the film cannot be played earlier.
    /// </summary>
    public string Loudness { get; set; } = "none";

    /// <summary><see cref="Loudness"/> as a number; null for none.</summary>
    internal double? LoudnessTarget =>
        double.TryParse(Loudness, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var target) ? target : null;

    internal const string PerTitle = "per-title";

    private static readonly string[] LadderNames = [PerTitle, "fixed"];

    private static readonly string[] CodecNames = ["h264", "hevc", "av1"];

    /// <summary>As <see cref="Codecs"/> names them, each once, H.264 first.</summary>
    internal IEnumerable<VideoCodec> VideoCodecs => CodecWords.Select(word => (VideoCodec)Array.IndexOf(CodecNames, word)).Distinct().Order();

    private string[] CodecWords => Codecs.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static readonly string[] EncryptionNames = ["none", "cbcs", "cenc", "aes-128"];

    private static readonly string[] Presets =
        ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"];

    /// <summary>Every error of these options, a sentence each; none when they can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxUploadBytes < 1) yield return "Ingest:MaxUploadBytes must be at least 1.";
        if (MaxConcurrentUploads < 1) yield return "Ingest:MaxConcurrentUploads must be at least 1.";
        if (MaxTeamBytes < 0) yield return "Ingest:MaxTeamBytes must not be negative.";
        if (MaxTeamUploads < 1) yield return "Ingest:MaxTeamUploads must be at least 1.";
        if (UploadLifetime < TimeSpan.FromSeconds(1) || UploadLifetime > TimeSpan.FromDays(365))
            yield return "Ingest:UploadLifetime must be from one second to a year.";
        if (DirectUrlLifetime < TimeSpan.FromSeconds(1) || DirectUrlLifetime > TimeSpan.FromDays(7))
            yield return "Ingest:DirectUrlLifetime must be from one second to seven days.";
        if (AbandonedAfter < TimeSpan.FromSeconds(1)) yield return "Ingest:AbandonedAfter must be at least one second.";
        if (RetiredVersionGrace < TimeSpan.Zero) yield return "Ingest:RetiredVersionGrace must not be negative.";
        foreach (var error in Webhooks.Validate()) yield return error;
        if (MaxEventStreams < 1) yield return "Ingest:MaxEventStreams must be at least 1.";
        if (!Path.IsPathFullyQualified(WorkFolder)) yield return "Ingest:WorkFolder must be an absolute path.";
        if (FfmpegPath.Length == 0) yield return "Ingest:FfmpegPath must name an executable.";
        if (FfprobePath.Length == 0) yield return "Ingest:FfprobePath must name an executable.";
        if (Concurrency is < 0 or > 256) yield return "Ingest:Concurrency must be from 0 to 256.";
        if (Films is < 0 or > 256) yield return "Ingest:Films must be from 0 to 256.";
        if (TaskLease < TimeSpan.FromSeconds(1)) yield return "Ingest:TaskLease must be at least one second.";
        if (FirstRungAhead < TimeSpan.Zero) yield return "Ingest:FirstRungAhead must not be negative.";
        if (PollInterval <= TimeSpan.Zero) yield return "Ingest:PollInterval must be positive.";
        if (Lease < TimeSpan.FromSeconds(1)) yield return "Ingest:Lease must be at least one second.";
        if (MaxAttempts < 1) yield return "Ingest:MaxAttempts must be at least 1.";
        if (RetryDelay < TimeSpan.Zero) yield return "Ingest:RetryDelay must not be negative.";
        if (MaxDuration <= TimeSpan.Zero) yield return "Ingest:MaxDuration must be positive.";
        if (MaxPixels is < 256 or > int.MaxValue) yield return "Ingest:MaxPixels must be from 256 to 2147483647.";
        if (MaxFrameGap < TimeSpan.FromSeconds(1)) yield return "Ingest:MaxFrameGap must be at least one second.";
        if (MaxAudioTracks is < 1 or > 64) yield return "Ingest:MaxAudioTracks must be from 1 to 64.";
        if (MaxSubtitleTracks is < 0 or > 64) yield return "Ingest:MaxSubtitleTracks must be from 0 to 64.";
        if (ProbeTimeLimit <= TimeSpan.Zero) yield return "Ingest:ProbeTimeLimit must be positive.";
        if (EncodeTimeFloor <= TimeSpan.Zero) yield return "Ingest:EncodeTimeFloor must be positive.";
        if (EncodeTimePerMediaTime is not (>= 0 and <= 10_000)) yield return "Ingest:EncodeTimePerMediaTime must be from 0 to 10000.";
        if (EncodeMemoryBytes < 128L << 20) yield return "Ingest:EncodeMemoryBytes must be at least 134217728.";
        if (ToolMemoryBytes < 256L << 20) yield return "Ingest:ToolMemoryBytes must be at least 268435456.";
        if (!Enum.IsDefined(Sandbox)) yield return "Ingest:Sandbox must be auto, required or off.";
        if (ToolNiceness is < 0 or > 19) yield return "Ingest:ToolNiceness must be from 0 to 19.";
        if (!Presets.Contains(X264Preset)) yield return $"Ingest:X264Preset must be one of {string.Join(", ", Presets)}.";
        if (ConstantRateFactor is not (>= 1 and <= 51)) yield return "Ingest:ConstantRateFactor must be from 1 to 51.";
        if (!LadderNames.Contains(Ladder)) yield return $"Ingest:Ladder must be one of {string.Join(", ", LadderNames)}.";
        if (!CodecWords.Contains("h264") || !CodecWords.All(CodecNames.Contains))
            yield return $"Ingest:Codecs must be h264, and may be more of {string.Join(", ", CodecNames)} with commas between.";
        if (!Presets.Contains(X265Preset)) yield return $"Ingest:X265Preset must be one of {string.Join(", ", Presets)}.";
        if (HevcConstantRateFactor is not (>= 1 and <= 51)) yield return "Ingest:HevcConstantRateFactor must be from 1 to 51.";
        if (SvtAv1Preset is < 0 or > 13) yield return "Ingest:SvtAv1Preset must be from 0 to 13.";
        if (Av1ConstantRateFactor is not (>= 1 and <= 63)) yield return "Ingest:Av1ConstantRateFactor must be from 1 to 63.";
        if (KeyframeInterval < TimeSpan.FromSeconds(0.5)) yield return "Ingest:KeyframeInterval must be at least half a second.";
        if (KeyframeInterval < TimeSpan.FromSeconds(0.5) || SegmentDuration < KeyframeInterval
            || SegmentDuration.Ticks % KeyframeInterval.Ticks != 0)
            yield return "Ingest:SegmentDuration must be a multiple of Ingest:KeyframeInterval.";
        if (SurroundCodec is not ("aac" or "eac3")) yield return "Ingest:SurroundCodec must be aac or eac3.";
        if (Loudness != "none" && LoudnessTarget is not (>= -31 and <= -5)) yield return "Ingest:Loudness must be none, or a number of LUFS from -31 to -5.";
        if (!EncryptionNames.Contains(Encryption)) yield return $"Ingest:Encryption must be one of {string.Join(", ", EncryptionNames)}.";
        if (KeyPeriod < TimeSpan.Zero || SegmentDuration > TimeSpan.Zero && KeyPeriod.Ticks % SegmentDuration.Ticks != 0)
            yield return "Ingest:KeyPeriod must be zero or a multiple of Ingest:SegmentDuration.";
    }
}
