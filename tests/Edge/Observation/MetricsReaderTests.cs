using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Movento.Edge.Observation.Metrics;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests.Observation;

public sealed class MetricsReaderTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Meter _meter;
    private readonly MetricsReader _reader;

    public MetricsReaderTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _meter = meters.Create("Movento.Edge");
        _reader = new MetricsReader(meters);
    }

    [Fact]
    public void Counter_OfManyTags_IsALineForEach()
    {
        var counter = _meter.CreateCounter<long>("movento.edge.things", "By", "Things \\ of\nall kinds.");
        counter.Add(3, new KeyValuePair<string, object?>("kind.of", "a\"b\\c\nd"), new KeyValuePair<string, object?>("n", 1));
        counter.Add(4, new KeyValuePair<string, object?>("kind.of", "a\"b\\c\nd"), new KeyValuePair<string, object?>("n", 1));
        counter.Add(5);
        var read = Read();
        Assert.Equal("counter", read.Types["movento_edge_things_bytes_total"]);
        Assert.Equal(7, read["""movento_edge_things_bytes_total{kind_of="a\"b\\c\nd",n="1"}"""]);
        Assert.Equal(5, read["movento_edge_things_bytes_total"]);
    }

    [Fact]
    public void Histogram_OfValues_HasItsBucketsSumAndCount()
    {
        var histogram = _meter.CreateHistogram("movento.edge.took", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var value in new[] { 0.05, 0.1, 0.5, 2, double.NaN }) histogram.Record(value);
        var read = Read();
        Assert.Equal(2, read["""movento_edge_took_seconds_bucket{le="0.1"}"""]);
        Assert.Equal(3, read["""movento_edge_took_seconds_bucket{le="1"}"""]);
        Assert.Equal(4, read["""movento_edge_took_seconds_bucket{le="+Inf"}"""]);
        Assert.Equal(2.65, read["movento_edge_took_seconds_sum"], 9);
        Assert.Equal(4, read["movento_edge_took_seconds_count"]);
    }

    [Fact]
    public void Gauge_ThatIsNoLongerObserved_IsNoLongerWritten()
    {
        var isThere = true;
        _meter.CreateObservableUpDownCounter("movento.edge.now", () => isThere ? new[] { new Measurement<int>(7) } : []);
        Assert.Equal(7, Read()["movento_edge_now"]);
        isThere = false;
        Assert.DoesNotContain("movento_edge_now", Read().Types.Keys);
    }

    [Fact]
    public void Gauge_OfACount_IsNotNamedLikeAHistogramsLine()
    {
        _meter.CreateObservableGauge("movento.edge.timer.count", () => 3);
        Assert.Equal(3, Read()["movento_edge_timer"]);
    }

    [Fact]
    public void UpDownCounter_OfChanges_IsTheirSum()
    {
        var open = _meter.CreateUpDownCounter<int>("movento.edge.open");
        foreach (var change in new[] { 1, 1, -1 }) open.Add(change);
        var read = Read();
        Assert.Equal("gauge", read.Types["movento_edge_open"]);
        Assert.Equal(1, read["movento_edge_open"]);
    }

    [Fact]
    public void Tag_WithEndlessValues_IsBounded()
    {
        var counter = _meter.CreateCounter<int>("movento.edge.endless");
        for (var value = 0; value < 2000; value++) counter.Add(1, new KeyValuePair<string, object?>("value", value));
        Assert.Equal(512, Text().Split('\n').Count(line => line.StartsWith("movento_edge_endless_total{", StringComparison.Ordinal)));
    }

    [Fact]
    public void Meter_OfAnotherContainer_IsNotRead()
    {
        using var others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        others.GetRequiredService<IMeterFactory>().Create("Movento.Edge").CreateCounter<int>("movento.edge.others").Add(1);
        Assert.DoesNotContain("others", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Measurements_UnderTagsSeenBefore_AllocateNothing()
    {
        var counter = _meter.CreateCounter<long>("movento.edge.counted");
        var histogram = _meter.CreateHistogram<double>("movento.edge.recorded");
        var tag = new KeyValuePair<string, object?>("tier", "memory");
        Assert.Equal(0, Allocations.Of(() => Measure(), calls: 10_000));

        void Measure()
        {
            counter.Add(1, tag);
            histogram.Record(0.3, tag);
        }
    }

    [Fact]
    public void Counts_FromManyThreads_AreAllThere()
    {
        var counter = _meter.CreateCounter<long>("movento.edge.raced");
        Parallel.For(0, 8, _ =>
        {
            for (var round = 0; round < 10_000; round++) counter.Add(1);
        });
        Assert.Equal(80_000, Read()["movento_edge_raced_total"]);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _services.Dispose();
    }

    private PrometheusReader Read() => PrometheusReader.Read(Text());

    private string Text()
    {
        var output = new ArrayBufferWriter<byte>();
        _reader.Write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
