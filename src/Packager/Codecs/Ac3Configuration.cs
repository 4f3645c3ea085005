using System.Numerics;
using Movento.Packager.IsoBmff;

namespace Movento.Packager.Codecs;

/// <summary>What an AC3SpecificBox (dac3) or an EC3SpecificBox (dec3) says; ETSI TS 102 366 Annex F.</summary>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="Channels">With the one for low frequencies, and with those of dependent substreams.</param>
/// <param name="JointObjects">Of a stream with Joint Object Coding, its complexity index (ETSI TS 103 420 §8.3.2); else 0.</param>
public readonly record struct Ac3Configuration(int SampleRate, int Channels, int JointObjects)
{
    // Table 4.1, fscod; 3 is reserved.
    private static ReadOnlySpan<int> SampleRates => [48000, 44100, 32000, 0];

    // Table 4.3, acmod
    private static ReadOnlySpan<byte> ChannelCounts => [2, 1, 2, 3, 3, 4, 4, 5];

    // Table F.6.1, chan_loc: Lc/Rc, Lrs/Rrs, Lsd/Rsd, Lw/Rw and Lvh/Rvh are pairs, Cs, Ts, Cvh and LFE2 are not.
    private const uint Pairs = 0b0_0111_0011;
    private const uint Singles = 0b1_1000_1100;

    /// <summary>Reads the body of a dac3 (§F.4).</summary>
    public static Ac3Configuration ReadAc3(scoped ref BoxReader box)
    {
        var bits = new BitReader(box.ReadBytes(3));
        var sampleRate = SampleRates[(int)bits.ReadBits(2)];
        bits.Skip(5 + 3); // bsid, bsmod
        return Checked(box, new Ac3Configuration(sampleRate, ChannelCounts[(int)bits.ReadBits(3)] + (int)bits.ReadBits(1), 0));
    }

    /// <summary>Reads the body of a dec3 (§F.6): what the first independent substream and its dependent ones give, which is what a player plays.</summary>
    public static Ac3Configuration ReadEnhancedAc3(scoped ref BoxReader box)
    {
        var bits = new BitReader(box.ReadRest());
        bits.Skip(13); // data_rate
        var first = default(Ac3Configuration);
        for (var substreams = (int)bits.ReadBits(3) + 1; substreams > 0; substreams--) // num_ind_sub: one fewer than there are
        {
            var sampleRate = SampleRates[(int)bits.ReadBits(2)];
            bits.Skip(5 + 1 + 1 + 3); // bsid, reserved, asvc, bsmod
            var channels = ChannelCounts[(int)bits.ReadBits(3)] + (int)bits.ReadBits(1);
            bits.Skip(3);
            if (bits.ReadBits(4) > 0) // num_dep_sub
            {
                var locations = bits.ReadBits(9);
                channels += 2 * BitOperations.PopCount(locations & Pairs) + BitOperations.PopCount(locations & Singles);
            }
            else
            {
                bits.Skip(1);
            }

            if (first == default)
                first = new Ac3Configuration(sampleRate, channels, 0);
        }

        if (bits.IsPastEnd)
            throw box.Error(MediaFormatError.Truncated, "The substreams of the E-AC-3 configuration are not all there.");

        // ETSI TS 103 420 §8.3: an extension that older boxes do not have.
        bits.Skip(7);
        if (bits.ReadFlag() && bits.ReadBits(8) is var complexity && !bits.IsPastEnd) // flag_ec3_extension_type_a
            first = first with { JointObjects = (int)complexity };
        return Checked(box, first);
    }

    private static Ac3Configuration Checked(in BoxReader box, Ac3Configuration read) => read.SampleRate > 0
        ? read
        : throw box.Error(MediaFormatError.Invalid, "The sample rate is a reserved one.");
}
