using System.Globalization;
using System.Runtime.InteropServices;
using Movento.Harness;
using Movento.Ingest.Encode;
using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;
using Movento.Ingest.Publish;
using Movento.Ingest.Tests.Running;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Tests.Encode;

/// <summary>A track of sound on its way from a source through the job and the packager, and what ffmpeg hears of what is published.</summary>
internal sealed class EncodedSound : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A tone of 1 kHz and 10 ms at half past every second.</summary>
    public const string Clicks = "if(between(mod(t,1),0.5,0.51),0.8*sin(2*PI*1000*t),0)";

    public string Source => _folder.Combine(EncodePlan.SourceName);

    public string File(string name) => _folder.Combine(name);

    /// <summary>Makes a source with ffmpeg.</summary>
    public void Make(string file, params string[] arguments) =>
        OutsideProbe.Tool("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments, _folder.Combine(file)]);

    /// <summary>What the task of an output writes.</summary>
    public string Encoded(AudioOutput output) => File(EncodeTasks.OutputName(output.Id, "sound"));

    /// <summary>Runs the task of an output, as a worker would, and packages its file.</summary>
    public async Task<Rendition> PublishAsync(AudioOutput output, IngestOptions? options = null)
    {
        options ??= new IngestOptions();
        var plan = EncodePlan.Begin(new MediaFacts("matroska", TimeSpan.Zero, null, [output.Track]), new EncodingLadder([], 1), [output], options);
        // env -C: the task names its files relative to its folder.
        OutsideProbe.Tool("env", ["-C", _folder.FullName, "ffmpeg", .. Assert.Single(EncodeTasks.ToBegin(plan, options)).Arguments]);
        await using var source = System.IO.File.OpenRead(Encoded(output));
        await using var destination = System.IO.File.Create(Published(output));
        return await CmafPackager.PackageAsync(source, destination, PackageStep.SettingsOf(output, options), default);
    }

    public string Published(AudioOutput output) => File($"{output.Id}.cmaf.mp4");

    /// <summary>What is heard from presentation time zero on, one channel of the rendition's rate. copyts: priming lies before zero.</summary>
    public float[] Hear(AudioOutput output, string filters = "anull")
    {
        var path = File("heard.f32");
        OutsideProbe.Tool("ffmpeg", "-v", "error", "-nostdin", "-y", "-copyts", "-i", Published(output), "-af", $"atrim=start=0,asetpts=N/SR/TB,{filters}",
            "-ac", "1", "-f", "f32le", path);
        return MemoryMarshal.Cast<byte, float>(System.IO.File.ReadAllBytes(path)).ToArray();
    }

    /// <summary>The times at which clicks begin, in seconds.</summary>
    public IReadOnlyList<double> HearClicks(AudioOutput output)
    {
        var samples = Hear(output);
        var times = new List<double>();
        var last = int.MinValue / 2;
        for (var i = 0; i < samples.Length; i++)
        {
            if (Math.Abs(samples[i]) < 0.2) continue;
            if (i - last > output.SampleRate / 10) times.Add((double)i / output.SampleRate);
            last = i;
        }
        return times;
    }

    /// <summary>The loudest sample of each channel, in dB of full scale, once the encoder has found its way into the tone.</summary>
    public static IReadOnlyList<double> Peaks(string path)
    {
        // astats writes to the log, of which ffmpeg's own level is info.
        var log = OutsideProbe.Tool("sh", "-c", "ffmpeg -hide_banner -nostdin -i \"$1\" -af atrim=0.3:0.8,astats=measure_perchannel=Peak_level:measure_overall=none -f null - 2>&1", "sh", path);
        return
        [
            .. log.Split('\n').Where(line => line.Contains("Peak level dB:", StringComparison.Ordinal)).Select(line => line.Split(": ")[^1].Trim())
                .Select(text => text == "-inf" ? double.NegativeInfinity : double.Parse(text, CultureInfo.InvariantCulture)),
        ];
    }

    public static AudioOutput Output(int channels = 2, int rate = 48_000, int stream = 0) => AudioOutputs.For(
        [new AudioFacts { Stream = stream, Codec = "flac", SampleRate = rate, Channels = channels }], new IngestOptions { Surround = false })[0];

    public void Dispose() => _folder.Dispose();
}
