using Movento.Packager.Presentations;

namespace Movento.Packager.Hls;

/// <summary>
/// The sound of a presentation in groups, one for each codec and number of channels, of which one and two are the same: a variant names the codecs of the group that it goes with
/// (RFC 8216bis §4.4.6.1.1). All groups must have the same members, which may differ in URI and CHANNELS alone; what a group lacks it takes from the
/// first group that has it. A view over the renditions that allocates nothing: groups and members are named by the first rendition of each.
/// </summary>
internal readonly ref struct AudioGroups(ReadOnlySpan<Rendition> renditions)
{
    private readonly ReadOnlySpan<Rendition> _renditions = renditions;

    /// <summary>Whether a group is named after this rendition.</summary>
    public bool IsGroup(int rendition)
    {
        if (_renditions[rendition].Kind != TrackKind.Audio)
            return false;
        for (var other = 0; other < rendition; other++)
        {
            if (IsSameGroup(other, rendition))
                return false;
        }

        return true;
    }

    /// <summary>Whether a member is named after this rendition.</summary>
    public bool IsMember(int rendition)
    {
        if (_renditions[rendition].Kind != TrackKind.Audio)
            return false;
        for (var other = 0; other < rendition; other++)
        {
            if (IsSameMember(other, rendition))
                return false;
        }

        return true;
    }

    /// <summary>The rendition that a group has for a member.</summary>
    public int Find(int group, int member)
    {
        for (var rendition = 0; rendition < _renditions.Length; rendition++)
        {
            if (IsSameGroup(group, rendition) && IsSameMember(member, rendition))
                return rendition;
        }

        return member;
    }

    /// <summary>The member that plays unasked.</summary>
    public int Default
    {
        get
        {
            var first = -1;
            for (var rendition = 0; rendition < _renditions.Length; rendition++)
            {
                if (!IsMember(rendition))
                    continue;
                if (_renditions[rendition].IsDefault)
                    return rendition;
                if (first < 0)
                    first = rendition;
            }

            return first;
        }
    }

    /// <summary>How many members there are.</summary>
    public int MemberCount
    {
        get
        {
            var count = 0;
            for (var rendition = 0; rendition < _renditions.Length; rendition++)
                count += IsMember(rendition) ? 1 : 0;
            return count;
        }
    }

    private bool IsSameGroup(int one, int other) =>
        _renditions[one].Kind == TrackKind.Audio && _renditions[other].Kind == TrackKind.Audio
        && _renditions[one].Codecs == _renditions[other].Codecs
        && Speakers(_renditions[one].Audio) == Speakers(_renditions[other].Audio)
        && _renditions[one].Audio?.JointObjects == _renditions[other].Audio?.JointObjects;

    // Whoever plays two channels plays one, at any rate: a group of its own would only double every variant.
    private static int Speakers(AudioFormat? audio) => Math.Max(2, audio?.Channels ?? 0);

    // The same sound to a viewer. Two of one group that are called the same are two sounds all the same: the first one here is the first one there.
    private bool IsSameMember(int one, int other) => IsCalledTheSame(one, other) && Ordinal(one) == Ordinal(other);

    private bool IsCalledTheSame(int one, int other) =>
        _renditions[one].Kind == TrackKind.Audio && _renditions[other].Kind == TrackKind.Audio
        && _renditions[one].Language == _renditions[other].Language
        && _renditions[one].Name == _renditions[other].Name
        && _renditions[one].Role == _renditions[other].Role;

    private int Ordinal(int rendition)
    {
        var ordinal = 0;
        for (var other = 0; other < rendition; other++)
            ordinal += IsSameGroup(other, rendition) && IsCalledTheSame(other, rendition) ? 1 : 0;
        return ordinal;
    }
}
