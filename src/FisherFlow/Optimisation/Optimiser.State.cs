using FisherFlow.Snapshots;

namespace FisherFlow.Optimisation;

/// <summary>Growing, saving and loading.</summary>
public sealed partial class Optimiser<TInformation>
{
    /// <inheritdoc/>
    public override void Remap(ReadOnlySpan<int> map, int dimension)
    {
        if (map.Length != Dimension) { throw new ArgumentException($"{Dimension} parameters need as many new places; there are {map.Length}", nameof(map)); }
        _information.Remap(map, dimension);
        AddPriorOfNew(map, dimension);
        var shares = ReferenceEquals(_iterate, _theta);
        _theta = Moved(_theta, map, dimension);
        _iterate = shares ? _theta : Moved(_iterate, map, dimension);
        if (_memory.Length > 0) { _memory = Moved(_memory, map, dimension); }
        (_score, _direction, _candidate, _product) = (new double[dimension], new double[dimension], new double[dimension], new double[dimension]);
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Description);
        writer.Write(_steps);
        writer.Write(_refusals);
        writer.Write(_weight);
        writer.Write(_damping);
        writer.Write(_isIdentity);
        writer.Write(_theta);
        writer.Write(ReferenceEquals(_iterate, _theta) ? [] : _iterate);
        writer.Write(_memory);
        _information.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote under the same method.</summary>
    /// <param name="reader">The state.</param>
    /// <param name="method">The axes, which must be those of the state.</param>
    /// <exception cref="InvalidDataException">The state is of another method, or damaged.</exception>
    public static Optimiser<TInformation> Load(StateReader reader, Method<TInformation> method)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(method);
        var description = reader.ReadText();
        if (description != method.Description) { throw new InvalidDataException($"the state is of the method {description}, not of {method.Description}"); }
        var (steps, refusals, weight, damping, isIdentity) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean());
        double[] theta = reader.ReadDoubles(), iterate = reader.ReadDoubles(), memory = reader.ReadDoubles();
        var information = TInformation.Load(reader);
        if (!IsFinite(theta) || information.Dimension != theta.Length) { throw new InvalidDataException($"{theta.Length} parameters come with information about {information.Dimension}, or are not finite"); }
        var loaded = new Optimiser<TInformation>(theta, method, information, isIdentity, weight) { _steps = steps, _refusals = refusals, _damping = damping };
        if (memory.Length != loaded._memory.Length || (iterate.Length > 0 && iterate.Length != theta.Length)) { throw new InvalidDataException("the momentum of the state has another length than θ"); }
        loaded._memory = memory;
        if (iterate.Length > 0) { loaded._iterate = iterate; }
        return loaded;
    }

    void AddPriorOfNew(ReadOnlySpan<int> map, int dimension)
    {
        if (_method.Prior == 0) { return; }
        var unit = new double[dimension];
        for (var i = 0; i < dimension; i++)
        {
            if (map.Contains(i)) { continue; }
            unit[i] = 1;
            _information.Add(unit, _method.Prior);
            unit[i] = 0;
        }
    }

    static double[] Moved(double[] values, ReadOnlySpan<int> map, int dimension)
    {
        var moved = new double[dimension];
        for (var i = 0; i < map.Length; i++) { moved[map[i]] = values[i]; }
        return moved;
    }
}
