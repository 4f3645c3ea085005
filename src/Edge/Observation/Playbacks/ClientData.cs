namespace Movento.Edge.Observation.Playbacks;

/// <summary>
/// What a player says of itself: Common Media Client Data (CTA-5004, version 1; CTA-5004-B, version 2), as far as quality of experience is made from it. The text that
/// <see cref="SessionId"/> points into is the caller's.
/// </summary>
internal ref struct ClientData
{
    /// <summary>What stands where a number was not said.</summary>
    public const long Unsaid = -1;

    public ClientData()
    {
    }

    /// <summary><c>sid</c>: 1 to 64 characters; empty where it was not said.</summary>
    public ReadOnlySpan<char> SessionId { get; set; }

    /// <summary><c>v</c>.</summary>
    public long Version { get; set; } = 1;

    /// <summary><c>br</c>, or else <c>ab</c>: kb/s of the object.</summary>
    public long Bitrate { get; set; } = Unsaid;

    /// <summary><c>tb</c>, or else <c>tab</c>: kb/s of the highest rung that may be played.</summary>
    public long TopBitrate { get; set; } = Unsaid;

    /// <summary><c>d</c>: milliseconds of the object.</summary>
    public long Duration { get; set; } = Unsaid;

    /// <summary><c>bl</c>: milliseconds in the buffer.</summary>
    public long BufferLength { get; set; } = Unsaid;

    /// <summary><c>mtp</c>: kb/s that the player measured.</summary>
    public long Throughput { get; set; } = Unsaid;

    /// <summary><c>bsd</c>: milliseconds of the stop that is just over.</summary>
    public long StarvationDuration { get; set; } = Unsaid;

    /// <summary><c>msd</c>: milliseconds from the wish to play to the first picture.</summary>
    public long StartDelay { get; set; } = Unsaid;

    /// <summary><c>ts</c>: milliseconds of the Unix epoch, by the player's clock.</summary>
    public long Timestamp { get; set; } = Unsaid;

    /// <summary><c>bsa</c>: how often playback stopped since the session began.</summary>
    public long Starvations { get; set; } = Unsaid;

    /// <summary><c>bsda</c>: milliseconds of all those stops.</summary>
    public long StarvationsDuration { get; set; } = Unsaid;

    /// <summary><c>dfa</c>: frames dropped since the session began.</summary>
    public long DroppedFrames { get; set; } = Unsaid;

    /// <summary><c>bs</c>: the buffer ran dry since the request before.</summary>
    public bool IsStarved { get; set; }

    /// <summary><c>su</c>: nothing can be shown before this object is there.</summary>
    public bool IsStartup { get; set; }

    /// <summary><c>ec</c>: something went wrong in the player.</summary>
    public bool HasError { get; set; }

    /// <summary><c>ot</c>.</summary>
    public ObjectType ObjectType { get; set; }

    /// <summary><c>sf</c>: <c>h</c> or <c>d</c>, or another letter; <c>\0</c> where it was not said.</summary>
    public char StreamingFormat { get; set; }

    /// <summary><c>st</c>: <c>v</c> or <c>l</c>; <c>\0</c> where it was not said.</summary>
    public char StreamType { get; set; }

    /// <summary><c>sta</c>: a letter of the specification's; <c>\0</c> where it was not said.</summary>
    public char State { get; set; }
}

/// <summary>What a request is for, as far as it matters to playback.</summary>
internal enum ObjectType
{
    /// <summary>Not said, or neither pictures nor sound.</summary>
    Other,

    /// <summary>Pictures, with or without sound.</summary>
    Video,

    /// <summary>Sound alone.</summary>
    Audio,
}
