using BenchmarkDotNet.Attributes;
using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Benchmarks.Packager;

/// <summary>Reading boxes out of memory: views over the bytes, so nothing should be allocated.</summary>
[MemoryDiagnoser]
public class BoxReading
{
    // A fragment of 40 s at 25 frames a second, and the index of an hour in segments of 4 s.
    private const int Samples = 1000;
    private const int Segments = 900;

    private byte[] _fragment = [];
    private byte[] _index = [];

    [GlobalSetup]
    public void Setup()
    {
        using var writer = new BoxWriter();
        var moof = writer.Begin(BoxType.Moof);
        new Mfhd(1).Write(writer);
        var traf = writer.Begin(BoxType.Traf);
        new Tfhd(1, null, null, 512, null, SampleFlags.NonSync, true).Write(writer);
        new Tfdt(90_000).Write(writer);
        var trun = Trun.Begin(writer, TrunFields.SampleSize | TrunFields.CompositionOffset, Samples, SampleFlags.Sync, isSigned: false, out _);
        for (var sample = 0; sample < Samples; sample++)
        {
            writer.WriteUInt32((uint)(1000 + sample));
            writer.WriteInt32(sample % 4 * 512);
        }

        writer.End(trun);
        writer.End(traf);
        writer.End(moof);
        _fragment = writer.Written.ToArray();

        writer.Clear();
        var references = new SidxReference[Segments];
        Array.Fill(references, new SidxReference(false, 1_000_000, 120_120, true, 1));
        Sidx.Write(writer, 1, 30_000, 0, references);
        _index = writer.Written.ToArray();
    }

    /// <summary>moof/traf: the header, the decode time and every row of the run.</summary>
    [Benchmark]
    public long ReadFragment()
    {
        var file = new BoxReader(_fragment);
        var traf = file.Find(BoxType.Moof).Find(BoxType.Traf);
        var tfhdBox = traf.Find(BoxType.Tfhd);
        var total = (long)Tfhd.Read(ref tfhdBox).TrackId;
        var tfdtBox = traf.Find(BoxType.Tfdt);
        total += Tfdt.Read(ref tfdtBox).BaseMediaDecodeTime;
        var trunBox = traf.Find(BoxType.Trun);
        var trun = Trun.Read(ref trunBox);
        for (var sample = 0; sample < (int)trun.Count; sample++)
        {
            var row = trun[sample];
            total += row.Size.GetValueOrDefault() + row.CompositionOffset;
        }

        return total;
    }

    /// <summary>sidx: every reference.</summary>
    [Benchmark]
    public long ReadIndex()
    {
        var file = new BoxReader(_index);
        var box = file.Find(BoxType.Sidx);
        var sidx = Sidx.Read(ref box);
        var total = 0L;
        for (var segment = 0; segment < sidx.Count; segment++)
            total += sidx[segment].Size;
        return total;
    }
}
