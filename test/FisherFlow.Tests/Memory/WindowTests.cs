using FisherFlow.Memory;
using FisherFlow.Snapshots;

namespace FisherFlow.Tests.Memory;

/// <summary>A window gives back, bit for bit, what merging its elements from scratch in the documented order gives.</summary>
public sealed class WindowTests
{
    const int Steps = 1_000_000;

    /// <summary>A 2 × 2 matrix under multiplication: neither commutative nor exact, so any other order of merging shows.</summary>
    readonly record struct Matrix(double A, double B, double C, double D)
    {
        public static Matrix Product(Matrix x, Matrix y) =>
            new(x.A * y.A + x.B * y.C, x.A * y.B + x.B * y.D, x.C * y.A + x.D * y.C, x.C * y.B + x.D * y.D);
    }

    [Fact]
    public void A_window_of_matrices_equals_recomputation_from_scratch_bit_for_bit() =>
        Run(Matrix.Product, random => new Matrix(random.NextDouble(), random.NextDouble() - 0.5, 0.3 * random.NextDouble(), 0.9), seed: 1);

    [Fact]
    public void A_window_of_integers_equals_recomputation_from_scratch() =>
        Run((x, y) => unchecked(x + y), random => random.NextInt64(), seed: 2);

    [Fact]
    public void Every_element_costs_at_most_two_merges_and_every_total_one()
    {
        var merges = 0L;
        var queue = new TwoStackQueue<long>((x, y) => { merges++; return x + y; });
        for (var step = 0; step < 10_000; step++)
        {
            queue.Push(step);
            if (queue.Count > 100) { queue.Drop(); }
            Assert.Equal(queue.Count * (2L * step - queue.Count + 1) / 2, queue.Total);
        }
        Assert.True(merges <= 3 * 10_000, $"{merges} merges");
    }

    [Fact]
    public void A_window_by_time_holds_what_is_younger_than_its_span()
    {
        var window = new SlidingWindow<string>(10, (x, y) => x + y);
        foreach (var (element, time) in new[] { ("a", 0.0), ("b", 3), ("c", 3), ("d", 10), ("e", 12.5) }) { window.Push(element, time); }
        Assert.Equal("bcde", window.Total);   // a is exactly as old as the window is long when d arrives
        Assert.Equal(3, window.Push("f", 21));
        Assert.Equal("ef", window.Total);
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Push("g", 20));
    }

    [Fact]
    public void A_saved_window_goes_on_as_if_it_had_not_stopped()
    {
        var (window, random) = (new SlidingWindow<Matrix>(50, Matrix.Product), new Random(3));
        SlidingWindow<Matrix>? again = null;
        for (var step = 0; step < 500; step++)
        {
            var element = new Matrix(random.NextDouble(), 0.1, 0.2, random.NextDouble());
            window.Push(element, step);
            again?.Push(element, step);
            if (again is not null) { Assert.Equal(window.Total, again.Total); }
            if (step == 173)
            {
                var writer = new StateWriter();
                window.Save(writer, (to, m) => to.Write([m.A, m.B, m.C, m.D]));
                again = new(50, Matrix.Product);
                again.Restore(new(writer.Written.ToArray()), from => from.ReadDoubles() is [var a, var b, var c, var d] ? new(a, b, c, d) : default);
            }
        }
    }

    [Fact]
    public void An_empty_window_has_no_total_and_nothing_to_drop()
    {
        var queue = new TwoStackQueue<int>((x, y) => x + y);
        Assert.Throws<InvalidOperationException>(() => queue.Total);
        Assert.Throws<InvalidOperationException>(queue.Drop);
    }

    static void Run<T>(Func<T, T, T> merge, Func<Random, T> draw, int seed) where T : notnull
    {
        const int Longest = 24;
        var (queue, elements, random) = (new TwoStackQueue<T>(merge), new Queue<T>(), new Random(seed));
        for (var step = 0; step < Steps; step++)
        {
            if (elements.Count > 0 && (elements.Count == Longest || random.Next(8) == 0))
            {
                queue.Drop();
                elements.Dequeue();
            }
            var element = draw(random);
            queue.Push(element);
            elements.Enqueue(element);
            if (step % 16 == 0 || step < 1000) { Assert.Equal(FromScratch([.. elements], queue.OldCount, merge), queue.Total); }
        }
    }

    static T FromScratch<T>(T[] elements, int old, Func<T, T, T> merge)
    {
        if (old == 0) { return elements.Aggregate(merge); }
        var first = elements[old - 1];
        for (var i = old - 2; i >= 0; i--) { first = merge(elements[i], first); }
        return old == elements.Length ? first : merge(first, elements[old..].Aggregate(merge));
    }
}
